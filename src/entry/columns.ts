/** Rows of cells in aligned columns, two spaces in and between: what a terminal shows. */
export function inColumns(rows: string[][]): string {
  const most = Math.max(0, ...rows.map(row => row.length))
  const widths = Array.from({ length: most }, (_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n')
}
