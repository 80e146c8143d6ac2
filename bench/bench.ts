/**
 * npm run bench -- [latency] [backlog] [send] [routing] [graph] [freeze] [faults] [--mails N] [--built-in] [--json]
 * Measures beside n8n's own nodes, in one run on one n8n; without a name, the first three. Routing and graph (receiving
 * and sending by Microsoft Graph) need no n8n. The faults take minutes and are measured for ours alone, with --built-in
 * for both. Results: bench/RESULTS.md.
 */
import { cpus } from 'node:os';
import { measureBacklog } from './backlog';
import { measureFaults } from './faults';
import { measureFreezes } from './freeze';
import { measureGraphReceive } from './graph-receive';
import { measureGraphSend } from './graph-send';
import { measureLatency } from './latency';
import { measureRouting } from './routing';
import { measureSend, type Protection } from './send';
import { measureSendMemory } from './send-memory';
import { openStage, type Stage } from './stage';
import type { Side } from './workflow';

const BACKLOG_MAILS = 500;
const SEND_MAILS = 500;
const SLOW_REPLY_MS = 20;

const sides: readonly Side[] = process.argv.includes('--built-in') ? ['ours', 'builtIn'] : ['ours'];

const say = (line: string) => console.error(line);

const measurements = {
	latency: (stage: Stage) => measureLatency(stage, say),
	backlog: (stage: Stage, mails?: number) => measureBacklog(stage, mails ?? BACKLOG_MAILS, say),
	async send(stage: Stage, mails?: number) {
		const measure = async (replyDelayMs: number, protection: Protection) =>
			await measureSend(stage, { mails: mails ?? SEND_MAILS, replyDelayMs, protection }, say);
		return {
			plain: await measure(0, 'none'),
			starttlsAuth: await measure(0, 'starttls'),
			plainSlowReplies: await measure(SLOW_REPLY_MS, 'none'),
			starttlsAuthSlowReplies: await measure(SLOW_REPLY_MS, 'starttls'),
			memory: await measureSendMemory(stage, say),
		};
	},
	freeze: (stage: Stage) => measureFreezes(stage, sides, say),
	faults: (stage: Stage) => measureFaults(stage, sides, say),
};

type Name = keyof typeof measurements;
const isName = (text: string): text is Name => text in measurements;

async function main(args: readonly string[]): Promise<void> {
	const named = args.filter(isName);
	// These two alone need no n8n.
	const wantsAll = named.length === 0 && !args.includes('routing') && !args.includes('graph');
	const names: readonly Name[] = wantsAll ? ['latency', 'backlog', 'send'] : named;
	const mailsAt = args.indexOf('--mails');
	const mails = mailsAt < 0 ? undefined : Number(args[mailsAt + 1]);

	const results: Record<string, unknown> = {
		date: new Date().toISOString(),
		node: process.version,
		machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
	};
	if (args.includes('routing')) results.routing = measureRouting(say);
	if (args.includes('graph')) {
		results.graph = {
			sent: await measureGraphSend(say),
			received: await measureGraphReceive(say),
		};
	}
	if (names.length > 0) {
		const stage = await openStage(say);
		try {
			results.n8n = stage.installation.version;
			for (const name of names) results[name] = await measurements[name](stage, mails);
		} finally {
			await stage.close();
		}
	}
	console.log(JSON.stringify(results, null, args.includes('--json') ? 0 : 2));
}

void main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(
		`The measurement failed: ${error instanceof Error ? error.message : String(error)}`,
	);
	process.exitCode = 1;
});
