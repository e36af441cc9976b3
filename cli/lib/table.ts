/**
 * Lines of a table: columns as wide as their widest cell, two spaces between them, no trailing space.
 *
 * @param rows the first one is the heading; every row has the same number of cells.
 */
export function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd());
}
