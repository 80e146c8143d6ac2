/** A mail of these lines; the empty one ends its header. */
export function mailLines(...lines: string[]): Buffer {
	return Buffer.from(`${lines.join('\r\n')}\r\n`);
}
