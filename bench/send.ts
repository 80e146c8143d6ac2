import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Stage } from './stage';
import { percentile, round } from './statistics';
import { toSending } from './workflow';

const POOL = 5;

/** Each side is measured this often; the median counts. */
const ROUNDS = 5;

export interface SendResult {
	readonly mails: number;
	readonly replyDelayMs: number;
	readonly ours: SendRate;
	readonly builtIn: SendRate;
	/** A bare nodemailer pool of the same size. */
	readonly pool: SendRate;
	readonly ofPool: number;
	readonly ofBuiltIn: number;
}

interface SendRate {
	readonly perSecond: number;
	readonly connections: number;
}

const counters = z.object({ mails: z.number(), connections: z.number() });

/** `mails` of 3 kB by one execution, beside n8n's own node and a bare pool, all to the same sink. */
export async function measureSend(
	stage: Stage,
	mails: number,
	replyDelayMs: number,
	say: (line: string) => void,
): Promise<SendResult> {
	const sink = await openSink(replyDelayMs);
	try {
		const idle = await measureWorkflow(stage, sink, mails, `idle-${replyDelayMs}`, {
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			parameters: {},
		});
		const measure = async (name: string, node: Parameters<typeof toSending>[1]) => {
			const { ms, connections } = await measureWorkflow(
				stage,
				sink,
				mails,
				`${name}-${replyDelayMs}`,
				node,
			);
			const perSecond = round((mails * 1000) / Math.max(1, ms - idle.ms), 1);
			say(
				`send ${mails}, ${replyDelayMs} ms per reply, ${name}: ${perSecond}/s over ${connections} connections`,
			);
			return { perSecond, connections };
		};
		const credentials = await addSinkCredentials(stage, sink.port);
		const ours = await measure('ours', {
			type: 'n8n-nodes-email-connectors.sendEmail',
			typeVersion: 1,
			parameters: { ...message, messageFormat: 'text', text: TEXT },
			credentials: { smtpImapApi: credentials.ours },
		});
		const builtIn = await measure('builtIn', {
			type: 'n8n-nodes-base.emailSend',
			typeVersion: 2.1,
			parameters: {
				fromEmail: 'bench@bench.test',
				toEmail: message.to,
				subject: message.subject,
				emailFormat: 'text',
				text: TEXT,
				options: { appendAttribution: false },
			},
			credentials: { smtp: credentials.builtIn },
		});
		const pool = await measurePool(sink, mails);
		say(`send ${mails}, ${replyDelayMs} ms per reply, bare pool: ${pool.perSecond}/s`);
		return {
			mails,
			replyDelayMs,
			ours,
			builtIn,
			pool,
			ofPool: round(ours.perSecond / pool.perSecond),
			ofBuiltIn: round(ours.perSecond / builtIn.perSecond, 1),
		};
	} finally {
		sink.close();
	}
}

const TEXT = 'A line of text.\n'.repeat(190);
const message = { to: 'someone@bench.test', subject: 'Benchmark' };

async function measureWorkflow(
	stage: Stage,
	sink: Sink,
	mails: number,
	name: string,
	node: Parameters<typeof toSending>[1],
): Promise<{ ms: number; connections: number }> {
	const workflow = await stage.n8n.createWorkflow(toSending(name, node));
	await stage.n8n.activate(workflow);
	const run = async (count: number) => {
		const response = await fetch(`${stage.instance.url}/webhook/${name}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ mails: Array.from({ length: count }, (_, number) => ({ number })) }),
		});
		if (!response.ok) throw new Error(`The workflow ${name} failed: ${await response.text()}`);
		await response.arrayBuffer();
	};
	await run(2);
	const result = await measureRounds(sink, () => run(mails));
	await stage.n8n.deactivate(workflow.id);
	return result;
}

/** The median of the times, and the connections of one round. */
async function measureRounds(sink: Sink, run: () => Promise<unknown>) {
	const times: number[] = [];
	const before = await sink.count();
	for (let round = 0; round < ROUNDS; round++) {
		const start = performance.now();
		await run();
		times.push(performance.now() - start);
	}
	const after = await sink.count();
	return {
		ms: percentile(times, 0.5),
		connections: round((after.connections - before.connections) / ROUNDS, 0),
	};
}

async function measurePool(sink: Sink, mails: number): Promise<SendRate> {
	const createPool = () =>
		createTransport({
			host: '127.0.0.1',
			port: sink.port,
			secure: false,
			ignoreTLS: true,
			pool: true,
			maxConnections: POOL,
			maxMessages: Infinity,
		});
	// A pool of its own for each round, as each execution of a workflow has.
	const { ms, connections } = await measureRounds(sink, async () => {
		const transport = createPool();
		const send = () => transport.sendMail({ from: 'bench@bench.test', ...message, text: TEXT });
		await Promise.all(Array.from({ length: mails }, send));
		transport.close();
	});
	return { perSecond: round((mails * 1000) / ms, 1), connections };
}

async function addSinkCredentials(stage: Stage, port: number) {
	const ours = await stage.n8n.createCredential({
		name: `ours sink ${port}`,
		type: 'smtpImapApi',
		data: {
			emailService: 'other',
			useFor: 'outgoing',
			enabled: true,
			outgoingHost: '127.0.0.1',
			outgoingPort: port,
			outgoingSecurity: 'none',
			authentication: 'none',
			primaryAddress: 'bench@bench.test',
			parallelConnections: POOL,
		},
	});
	const builtIn = await stage.n8n.createCredential({
		name: `built-in sink ${port}`,
		type: 'smtp',
		data: { host: '127.0.0.1', port, secure: false, disableStartTls: true, user: '', password: '' },
	});
	return { ours, builtIn };
}

interface Sink {
	readonly port: number;
	count(): Promise<z.output<typeof counters>>;
	close(): void;
}

async function openSink(replyDelayMs: number): Promise<Sink> {
	const child: ChildProcess = spawn(
		process.execPath,
		[
			'--require',
			path.join(__dirname, '..', 'tools', 'typescript.cjs'),
			path.join(__dirname, 'sink.ts'),
			String(replyDelayMs),
		],
		{ stdio: ['pipe', 'pipe', 'inherit'] },
	);
	if (child.stdout === null) throw new Error('The sink has no output.');
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const nextLine = async () => z.string().parse((await lines.next()).value);
	return {
		port: Number(await nextLine()),
		async count() {
			child.stdin?.write('\n');
			return counters.parse(JSON.parse(await nextLine()));
		},
		close: () => child.stdin?.end(),
	};
}
