#!/usr/bin/perl
# badlink.pl ONE OTHER: two TAP devices and a link between them, for kernels without netem. Each line of the input says
# what the link does to frames from then on, in both directions:
#
#   LOSS DELAY DUPLICATE REORDER      percent, milliseconds, percent, percent
#
# The answer is the number of frames that had trouble before. A frame that is reordered is not delayed. The end of the
# input ends the link.
use strict;
use warnings;
use Fcntl qw(O_RDWR O_NONBLOCK);
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);

use constant { TUNSETIFF => 0x400454ca, IFF_TAP => 0x0002, IFF_NO_PI => 0x1000 };

my @taps = map { tap($_) } @ARGV;
my ($loss, $delay, $duplicate, $reorder) = (0, 0, 0, 0);
my $troubled = 0;
my @queue;

$| = 1;
print "ready\n";
while (1) {
    my $now = clock_gettime(CLOCK_MONOTONIC);
    while (@queue && $queue[0][0] <= $now) {
        my ($due, $tap, $frame) = @{ shift @queue };
        # a device that is down takes none
        syswrite($tap, $frame);
    }
    my $ready = '';
    vec($ready, fileno($_), 1) = 1 for @taps, \*STDIN;
    select($ready, undef, undef, @queue ? $queue[0][0] - $now : undef);
    if (vec($ready, fileno(STDIN), 1)) {
        sysread(STDIN, my $line, 1024) or exit;
        ($loss, $delay, $duplicate, $reorder) = split ' ', $line;
        print "$troubled\n";
        $troubled = 0;
    }
    for my $from (0, 1) {
        while (sysread($taps[$from], my $frame, 65536)) {
            carry($taps[1 - $from], $frame);
        }
    }
}

sub tap {
    my ($name) = @_;
    sysopen(my $tap, '/dev/net/tun', O_RDWR | O_NONBLOCK) or die "/dev/net/tun: $!\n";
    ioctl($tap, TUNSETIFF, pack('Z16 s x22', $name, IFF_TAP | IFF_NO_PI)) or die "$name: $!\n";
    return $tap;
}

sub carry {
    my ($tap, $frame) = @_;
    my $lost = rand(100) < $loss;
    my $copies = rand(100) < $duplicate ? 2 : 1;
    my $overtakes = rand(100) < $reorder;
    my $late = $delay > 0 && !$overtakes;
    # where frames are both late and early, those that overtake are the trouble
    $troubled++ if $lost || $copies > 1 || ($reorder > 0 ? $overtakes : $late);
    return if $lost;
    my $due = clock_gettime(CLOCK_MONOTONIC) + ($late ? $delay / 1000 : 0);
    for (1 .. $copies) {
        my $place = @queue;
        $place-- while $place > 0 && $queue[$place - 1][0] > $due;
        splice(@queue, $place, 0, [$due, $tap, $frame]);
    }
}
