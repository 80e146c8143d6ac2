import type { ITriggerResponse } from 'n8n-workflow';
import type { INodeExecutionData } from 'n8n-workflow';
import { startEmailTrigger } from '../../nodes/EmailTrigger/run';
import { startImapServer } from '../support/imap-server';
import { until } from '../support/real-watch';
import { ScriptedFolder } from '../support/scripted-folder';
import { createTriggerContext, useUserFolder } from '../support/trigger-context';

useUserFolder();

describe('20. Items are the same in every binary data mode of n8n, and leave nothing in its store', () => {
	let trigger: ITriggerResponse | undefined;
	afterEach(async () => await trigger?.closeFunction?.());

	it('as their content travels inside them', async () => {
		const folder = new ScriptedFolder();
		const server = await startImapServer(folder.script());
		folder.add('order');
		const items: INodeExecutionData[] = [];
		// This n8n offers no way into its store (prepareBinaryData): whoever asked for it would fail.
		trigger = await startEmailTrigger(
			createTriggerContext(
				{},
				{
					parameters: { startWith: 'all', options: { includeRaw: true } },
					readPort: () => server.port,
					emit: (outputs, done) => {
						items.push(...outputs.flat());
						done?.resolve({ status: 'success' } as never);
					},
				},
			),
		);
		await until(() => items.length === 1);
		const raw = items[0]?.binary?.raw;
		expect(Buffer.from(raw?.data ?? '', 'base64').toString()).toContain('Subject: order');
		expect(raw).not.toHaveProperty('id');
		await trigger.closeFunction?.();
		await server.close();
	});
});
