import type { ComposedMessage } from '../ports';

/** With the files that are handed over beside it, in bytes. */
export function toWholeSize({ sizeBytes, detached = [] }: ComposedMessage): number {
	return detached.reduce((sum, file) => sum + file.sizeBytes, sizeBytes);
}
