/**
 * npm run chaos -- [--seconds 300] [--seed 1] [--n8n 2.41.1] [--queue] [--keep] [--json]
 * A randomised fault run on a real n8n and a real Dovecot; prints one line of JSON. Exit code 1: a mail was lost, given
 * twice without a reason, or n8n died; 2: the run itself failed.
 */
import { readOptions, type ChaosOptions } from './options';
import { hasPassed, toHistories, toLine } from './report';
import { HEALING_SECONDS, runChaos } from './run';

const EXIT_GRACE_MS = 5_000;

/** Installing n8n, its first start, and the last restart. */
const AROUND_SECONDS = 600;

async function main(options: ChaosOptions): Promise<void> {
	const say = (line: string): void => {
		if (!options.json) console.error(line);
	};
	const tarball = process.env['EMAIL_CONNECTORS_TARBALL'] || undefined;
	const ending = new AbortController();
	for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.once(name, () => ending.abort(name));
	}
	const limitS = options.seconds + HEALING_SECONDS + AROUND_SECONDS;
	setTimeout(() => ending.abort(`it took more than ${limitS} s`), limitS * 1000).unref();
	const result = await runChaos({ ...options, tarball, signal: ending.signal }, say);
	for (const history of toHistories(result)) console.error(history);
	console.log(JSON.stringify(toLine(result, options)));
	process.exitCode = hasPassed(result) ? 0 : 1;
	// A connection that was frozen may be left over, and nobody waits for it.
	setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
}

function readOrExit(): ChaosOptions {
	try {
		return readOptions(process.argv.slice(2));
	} catch (error) {
		console.error(toText(error));
		process.exit(2);
	}
}

const toText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const options = readOrExit();
main(options).catch((error: unknown) => {
	console.error(error);
	const { seed, seconds } = options;
	console.log(JSON.stringify({ error: toText(error), seed, seconds, n8n: options.n8nVersion }));
	process.exit(2);
});
