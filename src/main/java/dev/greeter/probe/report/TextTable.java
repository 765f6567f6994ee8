package dev.greeter.probe.report;

import java.util.List;
import java.util.Set;

/** A table in plain text. */
public final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    /** Rows as columns of equal width, the given ones to the left and the others to the right. */
    public static String of(List<List<String>> rows, Set<Integer> leftColumns) {
        int[] widths = widths(rows);
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String blanks = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : GAP).append(leftColumns.contains(i) ? cell + blanks : blanks + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }
}
