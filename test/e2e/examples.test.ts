import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectors } from 'playwright-core';
import type { N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import {
	EXAMPLES,
	type Example,
	exampleNames,
	parseExample,
	readExample,
	triggerOf,
	withConnector,
} from '../support/example';
import { ExampleRun } from '../support/example-run';
import { eventually, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { Editor } from '../support/n8n-editor';
import { type Postfix, startPostfix } from '../support/postfix';
import { ANN_MAILBOX, BOB_MAILBOX, type Proof } from './example/proof';
import { proofs } from './example/table';

/** Those who are written to, by the addresses that the examples have. */
const people = [
	ANN_MAILBOX,
	BOB_MAILBOX,
	'account.manager@example.com',
	'approver@example.com',
	'bookkeeping@example.com',
	'legal@example.com',
	'security@example.com',
	'workshop@example.com',
];
/** Each example watches a mailbox of its own. */
const toMailbox = (name: string): string => `${name}@box.example`;
const names = exampleNames();

/** Two pages of the editor, and a dialog: 55 s on a machine with ten times the work it can do. */
const EDITOR_MS = 180_000;

let client: N8nClient;
let url: string;
let dovecot: Dovecot;
let postfix: Postfix;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	({ client, url } = sharedN8n());
	const users = [...people, ...names.map(toMailbox)].map((user) => ({
		user,
		password: 'a-password',
	}));
	dovecot = await startDovecot({ users });
	postfix = await startPostfix({ dovecot });
});

afterAll(async () => {
	await postfix?.stop();
	await dovecot?.stop();
});

test('every example has a proof, and every proof an example', () => {
	expect(Object.keys(proofs).sort()).toEqual(names);
});

async function publish(name: string): Promise<ExampleRun> {
	const user = toMailbox(name);
	const connector = await client.createCredential(toConnector({ dovecot, postfix, user }));
	const example = readExample(name);
	const workflow = await client.createWorkflow(withConnector(example, connector));
	await client.activate(workflow);
	return new ExampleRun({ client, dovecot }, example, workflow.id, user);
}

/** Delivers the mails, and returns the outputs as they should be. */
async function deliver(run: ExampleRun, { present = [], mails }: Proof) {
	for (const { mail } of mails) await run.deliver('source' in mail ? mail.source : mail);
	const expected = [
		...present,
		...mails.map(({ output, mail }) => ({ output, subject: String(mail.subject) })),
	];
	return Object.fromEntries(expected.map(({ subject, output }) => [subject, [output]]));
}

test.each(names)(
	'%s: each mail leaves by its output, and what follows does its work',
	async (name) => {
		const proof = proofs[name];
		if (proof === undefined) throw new Error(`examples/${name}.json has no proof`);
		await proof.prepare?.({ dovecot, mailbox: toMailbox(name) });
		const run = await publish(name);
		try {
			const expected = await deliver(run, proof);
			const outputs = await eventually(`complete run of ${name}`, async () => {
				const found = await run.outputs();
				return Object.keys(found).length >= Object.keys(expected).length ? found : undefined;
			});
			expect(outputs).toEqual(expected);
			await proof.check?.(run);
		} finally {
			await client.deactivate(run.workflowId);
		}
	},
);

/** In n8n's editor, as a user brings it in: Import from File, in a new workflow. */
async function importInEditor(editor: Editor, name: string): Promise<void> {
	await editor.page.goto(`${url}/workflow/new`);
	const file = join(EXAMPLES, `${name}.json`);
	await editor.part('workflow-import-input').setInputFiles(file);
	await editor.node(triggerOf(readExample(name)).name).waitFor();
}

async function download(editor: Editor): Promise<string> {
	await editor.part('workflow-menu').click();
	const [file] = await Promise.all([
		editor.page.waitForEvent('download'),
		editor.part('workflow-menu-item-download').click(),
	]);
	return await readFile(await file.path(), 'utf8');
}

/** What the editor puts in anew each time: ids, and where on the canvas the workflow lies. */
function withoutPlace({ nodes, ...rest }: Example): unknown {
	const left = Math.min(...nodes.map(({ position }) => position[0]));
	const top = Math.min(...nodes.map(({ position }) => position[1]));
	return {
		...rest,
		nodes: nodes.map(({ id: _id, position: [x, y], ...node }) => ({
			...node,
			position: [x - left, y - top],
		})),
	};
}

describe('in the editor', () => {
	let editor: Editor;
	beforeAll(async () => {
		editor = await Editor.open(client);
	});
	afterAll(async () => await editor?.close());

	test.each([
		['approval-by-mail', 'Ask the Approver'],
		['support-desk', 'Support Mailbox'],
		['suspicious-mail', 'Put Aside'],
	])(
		'%s is imported, is downloaded as it was, and takes a connector chosen once',
		async (name, node) => {
			await client.createCredential(
				toConnector({ dovecot, postfix, user: toMailbox(name) }, { description: 'chosen by hand' }),
			);
			await importInEditor(editor, name);
			const source = await download(editor);
			expect(withoutPlace(parseExample(source))).toEqual(withoutPlace(readExample(name)));

			await editor.node(node).dblclick();
			await editor.part('node-credentials-select').click();
			await editor.page
				.getByRole('option')
				.filter({ hasText: toMailbox(name), visible: true })
				.first()
				.click();
			await editor.part('ndv-close-button').click();
			await eventually('canvas without a warning', async () =>
				(await editor.part('node-issues').count()) === 0 ? true : undefined,
			);
			await editor.closeMessages();
			await editor.part('zoom-to-fit').click();
			await editor.takePicture(`example-${name}`);
		},
		EDITOR_MS,
	);
});
