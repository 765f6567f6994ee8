package dev.greeter.probe.report;

import java.util.List;
import java.util.Set;

/** A table in plain text. */
public final class TextTable {
    private static final String GAP = "  ";

    private TextTable() {}

    /** Rows as columns of equal width, the given ones to the left and the others to the right. */
    public static String of(List<List<String>> rows, Set<Integer> leftColumns) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(other -> other.get(column).length())
                        .max()
                        .orElse(0);
                String cell = row.get(i);
                String blanks = " ".repeat(width - cell.length());
                line.append(i == 0 ? "" : GAP).append(leftColumns.contains(i) ? cell + blanks : blanks + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
