package dev.greeter.probe.measure;

/** One form at one target: what runs side by side with the others, and has its own line in every report. */
public record Scenario(Mode mode, Target target) {}
