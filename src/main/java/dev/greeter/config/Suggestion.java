package dev.greeter.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Suggests names in place of one that does not exist: the one that was probably meant, or those that are allowed. */
public final class Suggestion {
    private static final int MIN_EDITS = 2;
    /** A name may have a wrong letter for each three. */
    private static final int LETTERS_PER_EDIT = 3;

    private Suggestion() {}

    /**
     * @param names the names that exist
     * @param separator between the words of a name
     * @param prefix of each name in the text
     */
    static String of(String unknown, List<String> names, String separator, String prefix) {
        return nearest(unknown, names)
                .map(name -> "did you mean " + prefix + name + "?")
                .orElseGet(() -> related(unknown, names, separator).stream()
                        .map(prefix::concat)
                        .collect(Collectors.joining(", ", "allowed: ", "")));
    }

    /** The name that was probably meant; empty if none is near. */
    public static Optional<String> nearest(String unknown, List<String> names) {
        int mostEdits = Math.max(MIN_EDITS, unknown.length() / LETTERS_PER_EDIT);
        return names.stream()
                // a name of another length is as many edits away at least, and cheap to see
                .filter(name -> Math.abs(unknown.length() - name.length()) <= mostEdits)
                .filter(name -> edits(unknown, name) <= mostEdits)
                .min(Comparator.comparingInt(name -> edits(unknown, name)));
    }

    /** The names of the same section or with the same last word; all names if there are none. */
    private static List<String> related(String unknown, List<String> names, String separator) {
        int end = unknown.indexOf(separator);
        String section = (end < 0 ? unknown : unknown.substring(0, end)) + separator;
        List<String> related = names.stream()
                .filter(name -> name.startsWith(section) || name.endsWith(separator + unknown))
                .toList();
        return related.isEmpty() ? names : related;
    }

    /** The Levenshtein distance, whatever the case. */
    private static int edits(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
