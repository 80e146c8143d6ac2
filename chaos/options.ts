import { parseArgs } from 'node:util';
import { DEFAULT_N8N_VERSION } from '../tools/n8n/release';
import { SetupError } from '../tools/n8n/setup-error';

export interface ChaosOptions {
	readonly seconds: number;
	readonly seed: number;
	readonly n8nVersion: string;
	/** n8n in queue mode: main, two workers, Redis, PostgreSQL. */
	readonly queue: boolean;
	/** The folder with all logs stays. */
	readonly keep: boolean;
	/** Only the line of JSON and what went wrong are printed. */
	readonly json: boolean;
}

/** Throws SetupError. */
export function readOptions(args: readonly string[]): ChaosOptions {
	const { values } = parseArgs({
		args: [...args],
		options: {
			seconds: { type: 'string', default: '300' },
			seed: { type: 'string', default: '1' },
			n8n: { type: 'string', default: DEFAULT_N8N_VERSION },
			queue: { type: 'boolean', default: false },
			keep: { type: 'boolean', default: false },
			json: { type: 'boolean', default: false },
		},
	});
	return {
		seconds: toNumber('seconds', values.seconds, 20),
		seed: toNumber('seed', values.seed, 0),
		n8nVersion: values.n8n,
		queue: values.queue,
		keep: values.keep,
		json: values.json,
	};
}

function toNumber(name: string, text: string, least: number): number {
	const value = Number(text);
	if (Number.isInteger(value) && value >= least) return value;
	throw new SetupError(`--${name} takes a whole number of at least ${least}, not "${text}".`);
}
