import { parseArgs } from 'node:util';

/** What the user asked for on the command line. */
export interface DemoOptions {
	/** Ends by itself, with a line of JSON and an exit code. */
	readonly once: boolean;
	/** A release of tools/n8n/release.ts; the default one if absent. */
	readonly n8nVersion?: string;
}

/** Throws with a sentence that names the argument it does not know. */
export function toOptions(args: readonly string[]): DemoOptions {
	const { values } = parseArgs({
		args: [...args],
		options: { once: { type: 'boolean', default: false }, n8n: { type: 'string' } },
	});
	return { once: values.once, n8nVersion: values.n8n };
}
