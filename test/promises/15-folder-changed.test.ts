import type { ITriggerResponse } from 'n8n-workflow';
import { startEmailTrigger } from '../../nodes/EmailTrigger/run';
import { startImapServer, type ImapServer } from '../support/imap-server';
import { until } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';
import { createTriggerContext, useUserFolder } from '../support/trigger-context';

let server: ImapServer;
let trigger: ITriggerResponse | undefined;
const subjects: unknown[] = [];
let folders: Readonly<Record<string, ScriptedFolder>>;
let selected = new ScriptedFolder();

useUserFolder();
beforeEach(async () => {
	subjects.length = 0;
	folders = { INBOX: new ScriptedFolder(), Orders: new ScriptedFolder() };
	server = await startImapServer(
		selected.script({
			SELECT: (client, command) => {
				selected = folders[command.args.replaceAll('"', '')] ?? selected;
				selected.script().answers?.SELECT?.(client, command);
			},
			'UID SEARCH': (client, command) => selected.search(client, command),
			'UID FETCH': (client, command) => selected.fetch(client, command),
		}),
	);
});
afterEach(async () => {
	await trigger?.closeFunction?.();
	await server.close();
});

/** The workflow is saved with this folder; its static data are what n8n has kept. */
async function activate(staticData: Record<string, unknown>, folder: string): Promise<void> {
	await trigger?.closeFunction?.();
	const { length } = server.commands;
	trigger = await startEmailTrigger(
		createTriggerContext(staticData, {
			parameters: { folder, afterProcessing: 'nothing' },
			readPort: () => server.port,
			activation: 'update',
			emit: (outputs, done) => {
				subjects.push(...outputs.flat().map(({ json }) => json.subject));
				done?.resolve({ status: 'success' } as never);
			},
		}),
	);
	await until(() => server.commands.slice(length).some(({ name }) => name === 'IDLE'));
}

async function deliver(folder: string, subject: string): Promise<void> {
	folders[folder]?.add(subject);
	server.push(`* ${folders[folder]?.mails.size} EXISTS`);
	await until(() => subjects.includes(subject));
}

describe('15. A folder that is changed after a checkpoint exists neither skips nor repeats mail', () => {
	it('there and back again', async () => {
		// UIDs of one folder say nothing about the other.
		const orders = folders.Orders;
		if (orders !== undefined) orders.uidNext = 2;
		const staticData: Record<string, unknown> = {};
		await activate(staticData, 'INBOX');
		for (const subject of ['one', 'two', 'three']) await deliver('INBOX', subject);

		await activate(staticData, 'Orders');
		await deliver('Orders', 'order');
		folders.INBOX?.add('four, while another folder is watched');

		await activate(staticData, 'INBOX');
		await until(() => subjects.length === 5);
		await deliver('INBOX', 'five');
		expect(subjects).toEqual([
			'one',
			'two',
			'three',
			'order',
			'four, while another folder is watched',
			'five',
		]);
	});
});
