import { randomBytes } from 'node:crypto';
import { readPeakMemory, resetPeakMemory } from './memory';
import { addSinkCredentials, openSink } from './send';
import type { Stage } from './stage';
import { percentile, round } from './statistics';
import { toSending } from './workflow';

const MAILS = 10;
const FILE_BYTES = 20 * 1024 * 1024;

/** The first round of each loads the node and lets n8n's heap grow to its usual size. */
const ROUNDS = 4;

/** How far n8n's peak resident set rises over what it was, MB, the median of the rounds; undefined off Linux. */
export interface SendMemory {
	readonly mails: number;
	readonly fileMb: number;
	/** The same workflow without sending: the upload, and n8n itself. */
	readonly idleMb: number | undefined;
	readonly oursMb: number | undefined;
	readonly builtInMb: number | undefined;
}

type Node = Parameters<typeof toSending>[1];

/** Mails with a file of 20 MB each out of n8n's binary store, in its default mode. */
export async function measureSendMemory(
	stage: Stage,
	say: (line: string) => void,
): Promise<SendMemory> {
	const sink = await openSink(0, 'none');
	try {
		const credentials = await addSinkCredentials(stage, sink.port, 'none');
		const content = new Blob([randomBytes(FILE_BYTES)]);
		const measure = async (name: string, node: Node) => {
			const rise = await measureRise(stage, name, content, node);
			say(`send ${MAILS} of ${FILE_BYTES / 1024 / 1024} MB, ${name}: ${rise} MB`);
			return rise;
		};
		const to = 'someone@bench.test';
		return {
			mails: MAILS,
			fileMb: FILE_BYTES / 1024 / 1024,
			idleMb: await measure('idle-memory', {
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				parameters: {},
			}),
			oursMb: await measure('ours-memory', {
				type: 'n8n-nodes-email-connectors.sendEmail',
				typeVersion: 1,
				parameters: { to, messageFormat: 'text', text: 'x', options: { attachments: 'file' } },
				credentials: { smtpImapApi: credentials.ours },
			}),
			builtInMb: await measure('built-in-memory', {
				type: 'n8n-nodes-base.emailSend',
				typeVersion: 2.1,
				parameters: {
					fromEmail: 'bench@bench.test',
					toEmail: to,
					emailFormat: 'text',
					text: 'x',
					options: { appendAttribution: false, attachments: 'file' },
				},
				credentials: { smtp: credentials.builtIn },
			}),
		};
	} finally {
		sink.close();
	}
}

async function measureRise(
	stage: Stage,
	path: string,
	content: Blob,
	node: Node,
): Promise<number | undefined> {
	const workflow = await stage.n8n.createWorkflow(toSending(path, node, { includeBinary: true }));
	await stage.n8n.activate(workflow);
	const rises: number[] = [];
	for (let count = 0; count < ROUNDS; count++) {
		const form = new FormData();
		for (let mail = 0; mail < MAILS; mail++) form.append('mails', `${mail}`);
		form.append('file', content, 'file.bin');
		const before = resetPeakMemory(stage.instance.pid);
		const url = `${stage.instance.url}/webhook/${path}`;
		const response = await fetch(url, { method: 'POST', body: form });
		if (!response.ok) throw new Error(`The workflow ${path} failed: ${await response.text()}`);
		await response.arrayBuffer();
		const peak = readPeakMemory(stage.instance.pid);
		if (before === undefined || peak === undefined) return undefined;
		rises.push(peak - before);
	}
	await stage.n8n.deactivate(workflow.id);
	return round(percentile(rises.slice(1), 0.5), 0);
}
