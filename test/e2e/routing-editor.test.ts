import { type Locator, selectors } from 'playwright-core';
import type { N8nClient } from '../../tools/n8n/rest';
import type { CredentialReference } from '../../tools/n8n/workflow';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { Editor } from '../support/n8n-editor';
import { TRIGGER, toBranches, toTrigger } from '../support/n8n-workflow';

/** n8n tries to publish five times, which takes 15 seconds each time it is refused; of a test with one of them. */
const PATIENCE_MS = 180_000;

const users = [{ user: 'support@example.com', password: 'support-password' }];

let client: N8nClient;
let editor: Editor;
let dovecot: Dovecot;
let connector: CredentialReference;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	dovecot = await startDovecot({ users });
	const shared = sharedN8n();
	client = shared.client;
	connector = await client.createCredential(toConnector({ dovecot }));
	editor = await Editor.open(client);
});

afterAll(async () => {
	await editor?.close();
	await dovecot?.stop();
});

const about = (...words: string[]) => ({
	rule: words.map((value) => ({ field: 'subject', value })),
});

const routes = (): Locator => editor.part('fixed-collection-routes');

/** Does something in the editor and waits until n8n has saved a workflow of which `isDone` holds. */
async function editAndSave(edit: () => Promise<void>, isDone: (body: string) => boolean) {
	const saved = editor.page.waitForResponse(
		(response) =>
			response.request().method() === 'PATCH' &&
			response.url().includes('/rest/workflows/') &&
			isDone(response.request().postData() ?? ''),
	);
	await edit();
	await saved;
}

async function publish(): Promise<void> {
	await editor.part('workflow-open-publish-modal-button').click();
	await editor.part('workflow-publish-button').click();
}

/** What n8n says in the corner after it has tried five times, which takes 15 seconds. */
async function refusal(words: string): Promise<string> {
	const message = editor.page.locator('.el-notification').filter({ hasText: words });
	await message.waitFor({ timeout: 60_000 });
	return await message.innerText();
}

test(
	'a rule offers the companies of the node and of an expression, and marks those that have gone',
	async () => {
		const list = JSON.stringify([{ name: 'Fabrikam', domains: ['fabrikam.example'] }]);
		const rule = { field: 'company', companies: ['Contoso', 'Gone Ltd'] };
		const trigger = toTrigger(connector, {
			routes: { route: [{ name: 'Partners', rules: { rule: [rule] } }] },
			companies: { company: [{ name: 'Contoso', domains: 'contoso.example' }] },
			companiesJson: `={{ ${JSON.stringify(list)} }}`,
		});
		const saved = await client.createWorkflow(toBranches(trigger, ['Partners']));
		await editor.openWorkflow(saved.id);
		await editor.node(TRIGGER).dblclick();
		const box = editor
			.part('parameter-item')
			.filter({ has: editor.field('companies') })
			.last();
		await box.getByTestId('parameter-issues').waitFor();

		await editor.field('companies').click();
		const options = editor.page.getByRole('option').filter({ visible: true });
		await options.first().waitFor();
		expect(await options.allInnerTexts()).toEqual(['Contoso', 'Fabrikam']);
		await editor.takePicture('rule-companies');

		await expect(client.activate(saved)).rejects.toThrow(
			'route "Partners", rule 1: the company directory has no company "Gone Ltd"',
		);
	},
	PATIENCE_MS,
);

test('a route that an earlier one leaves nothing for is marked on the canvas and told in the node', async () => {
	const trigger = toTrigger(connector, {
		routes: {
			route: [
				{ name: 'Invoices', rules: about('invoice') },
				{ name: 'Urgent', rules: about('urgent', 'invoice') },
			],
		},
	});
	const ends = ['Pay', 'Call', 'Answer'];
	const { id } = await client.createWorkflow(toBranches(trigger, ends));
	await editor.openWorkflow(id);
	const node = editor.node(TRIGGER);
	await node.getByText('⚠ Urgent').waitFor();
	await editor.takePicture('route-never-reached');

	await node.dblclick();
	const hint = editor.part('node-hint').filter({ hasText: 'A route never gets an e-mail' });
	await hint.waitFor();

	const priority = routes().getByTestId('parameter-input-priority').last().locator('input');
	await priority.fill('10');
	await priority.press('Tab');
	await hint.waitFor({ state: 'detached' });
	await editor.part('ndv-close-button').click();
	await node.getByText('Urgent', { exact: true }).waitFor();
});

test(
	'publishing is refused once where outputs have moved away from their connections',
	async () => {
		const trigger = toTrigger(connector, {
			routes: {
				route: [
					{ name: 'Orders', rules: about('order') },
					{ name: 'Invoices', rules: about('invoice') },
				],
			},
		});
		const ends = ['Ship', 'Pay', 'Answer', 'Look'];
		const saved = await client.createWorkflow(toBranches(trigger, ends));
		await client.activate(saved);
		await editor.openWorkflow(saved.id);
		const isPublished = async () => (await client.publication(saved.id)).status === 'published';

		await editAndSave(
			async () => {
				await editor.node(TRIGGER).dblclick();
				await editor.part('ndv').getByRole('button', { name: 'Add Route' }).click();
				const name = routes().getByTestId('parameter-input-name').last();
				await name.locator('input').fill('Partners');
				const recipient = routes().getByTestId('parameter-input-recipientAddress').last();
				await recipient.locator('input').fill('partners@example.com');
				await editor.part('ndv-close-button').click();
			},
			(body) => body.includes('Partners') && body.includes('partners@example.com'),
		);
		await publish();
		expect(await refusal('Outputs have moved')).toContain(
			'the fallback would now lead to "Look" instead of "Answer"; the error output would now lead to nothing instead of "Look", because route "Partners" was added',
		);
		await editor.takePicture('outputs-moved');
		expect(await isPublished()).toBe(false);
		await editor.closeMessages();

		await publish();
		await eventually('publication', async () => ((await isPublished()) ? true : undefined));
		await editor.closeMessages();

		await editAndSave(
			async () => {
				await editor.node(TRIGGER).dblclick();
				await routes().getByTestId('fixed-collection-delete').first().click({ force: true });
				await editor.part('ndv-close-button').click();
			},
			(body) => body.includes('Partners') && !body.includes('"Orders"'),
		);
		await publish();
		expect(await refusal('because route "Orders" was removed')).toContain(
			'route "Invoices" would now lead to "Ship" instead of "Pay"',
		);
	},
	3 * PATIENCE_MS,
);

test(
	'a pattern that is none is named where the editor says why nothing was published',
	async () => {
		const rule = { field: 'subject', operator: 'matches', value: '(' };
		const trigger = toTrigger(connector, {
			routes: { route: [{ name: 'Invoices', rules: { rule: [rule] } }] },
		});
		const { id } = await client.createWorkflow(toBranches(trigger, ['Pay', 'Answer']));
		await editor.openWorkflow(id);
		await publish();
		expect(await refusal('could not be published')).toContain(
			'route "Invoices", rule 1: "(" is no pattern that can be used',
		);
	},
	PATIENCE_MS,
);
