import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installN8n } from '../tools/n8n/install';
import { startN8n } from '../tools/n8n/instance';
import { packProject } from '../tools/n8n/pack';
import { N8nClient } from '../tools/n8n/rest';
import type { Cleanup } from './cleanup';
import { toConnector } from './connector';
import { type MailServer, startMailServer } from './mail-server/mail-server';
import { BILLING, SUPPORT, shopMailboxes } from './shop';
import { toShopWorkflow } from './workflow';

/** The demo's stage: mail server, n8n, both connectors and the active workflow. */
export interface Shop {
	readonly mail: MailServer;
	readonly n8n: N8nClient;
	readonly workflowId: string;
	/** The workflow in the editor. */
	readonly editorUrl: string;
	/** Resolves when n8n ends, although nobody stopped it. */
	readonly ended: Promise<void>;
}

/** Sets the stage step by step, saying each; whatever is up is added to `cleanup`. */
export async function openShop(
	say: (line: string) => void,
	cleanup: Cleanup,
	signal: AbortSignal,
	n8nVersion?: string,
): Promise<Shop> {
	const installation = await installN8n({ version: n8nVersion, log: say, signal });

	const folder = await mkdtemp(join(tmpdir(), 'email-connectors-demo-'));
	cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

	const mail = await startMailServer(shopMailboxes);
	cleanup.add(() => mail.close());
	say(`Mail server: SMTP on ${mail.host}:${mail.smtpPort}, one IMAP port for each mailbox`);

	const projectFolder = join(__dirname, '..');
	const tarball = await packProject({ projectFolder, folder, asPublished: false });
	say(`Starting n8n ${installation.version} with this package (about half a minute) …`);
	const userFolder = join(folder, 'n8n');
	const instance = await startN8n({ installation, userFolder, packages: [tarball], signal });
	cleanup.add(() => instance.stop());

	const n8n = await N8nClient.connect(instance.url);
	const support = await addConnector(n8n, mail, SUPPORT, 'Shop Support');
	const billing = await addConnector(n8n, mail, BILLING, 'Shop Billing');
	say(`Connectors: ${SUPPORT} and ${BILLING}, both tested`);

	const workflow = await n8n.createWorkflow(toShopWorkflow({ support, billing }));
	await n8n.activate(workflow);
	say('Workflow “Shop mail” imported and active');
	return {
		mail,
		n8n,
		workflowId: workflow.id,
		editorUrl: `${instance.url}/workflow/${workflow.id}`,
		ended: instance.ended,
	};
}

async function addConnector(
	n8n: N8nClient,
	mail: MailServer,
	user: string,
	fromName: string,
): Promise<{ id: string; name: string }> {
	const connector = toConnector(mail, user, fromName);
	const reference = await n8n.createCredential(connector);
	const { status, message } = await n8n.testCredential({ ...connector, id: reference.id });
	if (status !== 'OK') throw new Error(`The connector ${user} does not work: ${message}`);
	return reference;
}
