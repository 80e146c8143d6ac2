/** Plain text columns under their titles, as wide as their widest entry. */
export function toTable(titles: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const widths = titles.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const toLine = (cells: readonly string[]): string =>
		cells
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join('  ')
			.trimEnd();
	const rule = widths.map((width) => '─'.repeat(width));
	return [titles, rule, ...rows].map(toLine).join('\n');
}
