/** What a user of the demo or the tests reads when a part cannot be set up: one sentence, no stack. */
export class SetupError extends Error {
	override readonly name = 'SetupError';
}

/** The sentence for a user, whatever was thrown. */
export function toSentence(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
