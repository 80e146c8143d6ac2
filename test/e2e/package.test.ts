import type { N8nClient } from '../../tools/n8n/rest';
import { sharedN8n } from '../support/n8n';

const PACKAGE = 'n8n-nodes-email-connectors';

let client: N8nClient;

beforeAll(async () => {
	({ client } = sharedN8n());
});

async function fetchIcon(icon: unknown): Promise<string[]> {
	const { light, dark } = icon as { light: string; dark: string };
	const answers = await Promise.all([light, dark].map((path) => client.downloadAsset(path)));
	expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
	return await Promise.all(answers.map((answer) => answer.text()));
}

test('n8n loads exactly the nodes that the package promises', async () => {
	const types = await client.nodeTypes();

	const own = types.filter(({ name }) => name.startsWith(`${PACKAGE}.`)).map(({ name }) => name);

	expect(own.sort()).toEqual([
		`${PACKAGE}.emailTrigger`,
		`${PACKAGE}.mailbox`,
		`${PACKAGE}.mailboxTool`,
		`${PACKAGE}.sendEmail`,
		// n8n makes it of every tool that can send and wait: a person approves what an agent wants to do.
		`${PACKAGE}.sendEmailHitlTool`,
		`${PACKAGE}.sendEmailTool`,
	]);
});

test.each(['emailTrigger', 'mailbox', 'sendEmail'])(
	'%s has an icon for each theme',
	async (node) => {
		const types = await client.nodeTypes();
		const type = types.find(({ name }) => name === `${PACKAGE}.${node}`);

		const [light, dark] = await fetchIcon(type?.iconUrl);

		expect(light).toContain('<svg');
		expect(dark).toContain('<svg');
		expect(dark).not.toBe(light);
	},
);

test.each(['emailTrigger', 'mailbox', 'sendEmail'])(
	'%s is found under Communication',
	async (node) => {
		const types = await client.nodeTypes();
		const type = types.find(({ name }) => name === `${PACKAGE}.${node}`);

		expect(type?.codex?.categories).toContain('Communication');
	},
);

test('the connector is offered by all nodes, with an icon for each theme', async () => {
	const types = await client.credentialTypes();
	const connector = types.find(({ name }) => name === 'smtpImapApi');

	expect(connector?.supportedNodes).toEqual(
		expect.arrayContaining([
			`${PACKAGE}.emailTrigger`,
			`${PACKAGE}.mailbox`,
			`${PACKAGE}.sendEmail`,
		]),
	);
	const [light, dark] = await fetchIcon(connector?.iconUrl);
	expect(dark).not.toBe(light);
});
