import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import type { Stage } from './stage';
import { percentile, round } from './statistics';
import { toSending } from './workflow';

const POOL = 5;

/** Each side is measured this often; the median counts. n8n's own takes minutes where each reply takes its time. */
const ROUNDS = 5;
const BUILT_IN_ROUNDS = 3;
const SLOW_BUILT_IN_ROUNDS = 1;

const PASSWORD = 'bench-password';

export type Protection = 'none' | 'starttls';

export interface SendCase {
	readonly mails: number;
	readonly replyDelayMs: number;
	/** `starttls`: with a sign-in. */
	readonly protection: Protection;
}

export interface SendResult extends SendCase {
	readonly ours: SendRate;
	readonly builtIn: SendRate;
	/** A bare nodemailer pool of the same size, kept from round to round as ours is. */
	readonly pool: SendRate;
	readonly ofPool: number;
	readonly ofBuiltIn: number;
}

interface SendRate {
	readonly perSecond: number;
	/** All that were opened, also for the mails before the first round. */
	readonly connections: number;
}

const counters = z.object({ mails: z.number(), connections: z.number() });

/** Mails of 3 kB by one execution, beside n8n's own node and a bare pool, all to the same sink. */
export async function measureSend(
	stage: Stage,
	{ mails, replyDelayMs, protection }: SendCase,
	say: (line: string) => void,
): Promise<SendResult> {
	const sink = await openSink(replyDelayMs, protection);
	const about = `${protection}-${replyDelayMs}`;
	try {
		const idle = await measureWorkflow(stage, sink, mails, `idle-${about}`, ROUNDS, {
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			parameters: {},
		});
		const measure = async (name: string, rounds: number, node: Parameters<typeof toSending>[1]) => {
			const path = `${name}-${about}`;
			const { ms, connections } = await measureWorkflow(stage, sink, mails, path, rounds, node);
			const perSecond = round((mails * 1000) / Math.max(1, ms - idle.ms), 1);
			say(`send ${mails}, ${about}, ${name}: ${perSecond}/s over ${connections} connections`);
			return { perSecond, connections };
		};
		const credentials = await addSinkCredentials(stage, sink.port, protection);
		const ours = await measure('ours', ROUNDS, {
			type: 'n8n-nodes-email-connectors.sendEmail',
			typeVersion: 1,
			parameters: { ...message, messageFormat: 'text', text: TEXT },
			credentials: { smtpImapApi: credentials.ours },
		});
		const pool = await measurePool(sink, mails, protection);
		say(`send ${mails}, ${about}, bare pool: ${pool.perSecond}/s`);
		const builtIn = await measure(
			'builtIn',
			replyDelayMs > 0 ? SLOW_BUILT_IN_ROUNDS : BUILT_IN_ROUNDS,
			{
				type: 'n8n-nodes-base.emailSend',
				typeVersion: 2.1,
				parameters: {
					fromEmail: 'bench@bench.test',
					toEmail: message.to,
					subject: message.subject,
					emailFormat: 'text',
					text: TEXT,
					options: { appendAttribution: false, allowUnauthorizedCerts: true },
				},
				credentials: { smtp: credentials.builtIn },
			},
		);
		return {
			...{ mails, replyDelayMs, protection, ours, builtIn, pool },
			ofPool: round(ours.perSecond / pool.perSecond),
			ofBuiltIn: round(ours.perSecond / builtIn.perSecond, 1),
		};
	} finally {
		sink.close();
	}
}

const TEXT = 'A line of text.\n'.repeat(190);
const message = { from: 'bench@bench.test', to: 'someone@bench.test', subject: 'Benchmark' };

async function measureWorkflow(
	stage: Stage,
	sink: Sink,
	mails: number,
	name: string,
	rounds: number,
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
	const result = await measureRounds(sink, rounds, run, mails);
	await stage.n8n.deactivate(workflow.id);
	return result;
}

/** The median of the times, and the connections; two mails go ahead, so that everything is loaded. */
async function measureRounds(
	sink: Sink,
	rounds: number,
	run: (count: number) => Promise<unknown>,
	mails: number,
) {
	const times: number[] = [];
	const before = await sink.count();
	await run(2);
	for (let round = 0; round < rounds; round++) {
		const start = performance.now();
		await run(mails);
		times.push(performance.now() - start);
	}
	const after = await sink.count();
	return { ms: percentile(times, 0.5), connections: after.connections - before.connections };
}

async function measurePool(sink: Sink, mails: number, protection: Protection): Promise<SendRate> {
	const isProtected = protection === 'starttls';
	const transport = createTransport({
		host: '127.0.0.1',
		port: sink.port,
		secure: false,
		ignoreTLS: !isProtected,
		requireTLS: isProtected,
		tls: { rejectUnauthorized: false },
		...(isProtected && { auth: { user: message.from, pass: PASSWORD } }),
		pool: true,
		maxConnections: POOL,
		maxMessages: Infinity,
	});
	const send = () => transport.sendMail({ ...message, text: TEXT });
	const run = async (count: number) => await Promise.all(Array.from({ length: count }, send));
	const { ms, connections } = await measureRounds(sink, ROUNDS, run, mails);
	transport.close();
	return { perSecond: round((mails * 1000) / ms, 1), connections };
}

export async function addSinkCredentials(stage: Stage, port: number, protection: Protection) {
	const isProtected = protection === 'starttls';
	const ours = await stage.n8n.createCredential({
		name: `ours sink ${port}`,
		type: 'smtpImapApi',
		data: {
			emailService: 'other',
			useFor: 'outgoing',
			enabled: true,
			outgoingHost: '127.0.0.1',
			outgoingPort: port,
			outgoingSecurity: protection,
			allowUntrusted: isProtected,
			authentication: isProtected ? 'userPassword' : 'none',
			...(isProtected && { user: message.from, password: PASSWORD }),
			primaryAddress: message.from,
			parallelConnections: POOL,
		},
	});
	const builtIn = await stage.n8n.createCredential({
		name: `built-in sink ${port}`,
		type: 'smtp',
		data: {
			host: '127.0.0.1',
			port,
			secure: false,
			disableStartTls: !isProtected,
			user: isProtected ? message.from : '',
			password: isProtected ? PASSWORD : '',
		},
	});
	return { ours, builtIn };
}

export interface Sink {
	readonly port: number;
	count(): Promise<z.output<typeof counters>>;
	close(): void;
}

export async function openSink(replyDelayMs: number, protection: Protection): Promise<Sink> {
	const child: ChildProcess = spawn(
		process.execPath,
		[
			'--require',
			path.join(__dirname, '..', 'tools', 'typescript.cjs'),
			path.join(__dirname, 'sink.ts'),
			String(replyDelayMs),
			protection,
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
