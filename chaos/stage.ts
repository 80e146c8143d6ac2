import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Dovecot, startDovecot } from '../test/support/dovecot';
import { type FaultProxy, startFaultProxy } from '../test/support/fault-proxy';
import { installN8n, type N8nInstallation } from '../tools/n8n/install';
import { type N8nInstance, startN8n } from '../tools/n8n/instance';
import { packProject } from '../tools/n8n/pack';
import type { Say } from '../tools/n8n/progress';
import { N8nClient } from '../tools/n8n/rest';
import type { Execution } from './evidence';
import { readExecutions } from './execution-rows';
import { claimSettings } from './host';
import { packRecorder } from './pack-recorder';
import type { Plan } from './plan';
import { openQueue, type QueueHost } from './queue';
import { RecordFile } from './record-file';
import { toRecordedWorkflow, toTrigger } from './workflow';

export interface StageOptions {
	readonly n8nVersion: string;
	/** A packed package; absent: what stands in `dist/` is packed. */
	readonly tarball?: string;
	/** The folder with all logs stays. */
	readonly keep?: boolean;
	readonly emailsPerExecution: Plan['emailsPerExecution'];
	/** n8n as main and workers; `seed` then also chooses which of them is killed. */
	readonly queue?: boolean;
	readonly seed: number;
}

/** A real n8n whose trigger reaches a real Dovecot through the proxy, with an active workflow. */
export interface Stage {
	readonly folder: string;
	readonly dovecot: Dovecot;
	readonly proxy: FaultProxy;
	readonly instance: N8nInstance;
	readonly workflowId: string;
	readExecutions(): Promise<Execution[]>;
	readonly records: RecordFile;
	close(): Promise<void>;
}

export const USER = 'chaos@example.test';
const PASSWORD = 'chaos-password';

export async function openStage(options: StageOptions, say: Say): Promise<Stage> {
	const folder = await mkdtemp(path.join(tmpdir(), 'email-connectors-chaos-'));
	const opened: Array<() => Promise<unknown>> = [];
	const close = async (): Promise<void> => {
		for (const end of opened.splice(0).reverse()) await end();
		if (options.keep === true) say(`Logs and database: ${folder}`);
		else await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const installation = await installN8n({ version: options.n8nVersion, log: say });
		const dovecot = await startDovecot({
			users: [{ user: USER, password: PASSWORD }],
			// The proxy reads along, to find its moments.
			tls: false,
		});
		opened.push(() => dovecot.stop());
		const proxy = await startFaultProxy({ host: dovecot.host, port: dovecot.imapPort });
		opened.push(() => proxy.close());
		const projectFolder = path.join(__dirname, '..');
		const tarball =
			options.tarball ?? (await packProject({ projectFolder, folder, asPublished: false }));
		const place: Place = {
			installation,
			packages: [tarball, await packRecorder(folder)],
			env: { ...claimSettings, ...(options.keep === true ? { N8N_LOG_LEVEL: 'debug' } : {}) },
			folder: path.join(folder, 'n8n'),
		};
		const host = await (options.queue === true
			? openQueue(options.seed, place)
			: openSingle(place));
		opened.push(() => host.close());
		const { instance } = host;
		const records = new RecordFile(path.join(folder, 'records.jsonl'));
		const client = await N8nClient.connect(instance.url);
		const credential = await client.createCredential({
			name: 'Chaos',
			type: 'smtpImapApi',
			data: {
				emailService: 'other',
				useFor: 'incoming',
				enabled: true,
				incomingHost: proxy.host,
				incomingPort: proxy.port,
				incomingSecurity: 'none',
				user: USER,
				password: PASSWORD,
				primaryAddress: USER,
			},
		});
		const trigger = toTrigger(credential, USER, options.emailsPerExecution);
		const workflow = await client.createWorkflow(toRecordedWorkflow(trigger, records.path));
		await client.activate(workflow);
		return {
			folder,
			dovecot,
			proxy,
			instance,
			workflowId: workflow.id,
			readExecutions: () => host.readExecutions(workflow.id),
			records,
			close,
		};
	} catch (error) {
		await close();
		throw error;
	}
}

interface Place {
	readonly installation: N8nInstallation;
	readonly packages: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly folder: string;
}

/** The whole n8n in one process, as it comes. */
async function openSingle({ folder, ...options }: Place): Promise<QueueHost> {
	const instance = await startN8n({ ...options, userFolder: folder });
	return {
		instance,
		readExecutions: (workflowId) => readExecutions(options.installation, folder, workflowId),
		close: () => instance.stop(),
	};
}
