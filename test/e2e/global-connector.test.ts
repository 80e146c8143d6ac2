import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { itemsOf } from '../../tools/n8n/execution-data';
import { type N8nInstance, startN8n } from '../../tools/n8n/instance';
import { type Execution, N8nClient } from '../../tools/n8n/rest';
import type { CredentialReference } from '../../tools/n8n/workflow';
import { eventually, installForTests, sharedTarball } from '../support/n8n';
import { type Door, openDoor, SEND, sendOnce, toFields } from '../support/n8n-senders';

const START_MS = 240_000;

let folder: string;
let teams: Door[];
let relay: Door;
let running: { readonly instance: N8nInstance; readonly client: N8nClient } | undefined;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-global-'));
	teams = await Promise.all(
		['sales', 'support', 'billing'].map((name) => openDoor(`${name}@team.test`)),
	);
	relay = await openDoor('relay@corp.test');
});

afterAll(async () => {
	await running?.instance.stop();
	await Promise.all([...teams, relay].map(({ sink }) => sink.close()));
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}, START_MS);

/** The same n8n again, with its database, under other settings of its administrator. */
async function startWith(env: Readonly<Record<string, string>>): Promise<N8nClient> {
	await running?.instance.stop();
	const installation = await installForTests();
	const packages = [sharedTarball()];
	const settings = { N8N_LOG_LEVEL: 'debug', ...env };
	const instance = await startN8n({ installation, userFolder: folder, packages, env: settings });
	running = { instance, client: await N8nClient.connect(instance.url) };
	return running.client;
}

const now = () => {
	if (running === undefined) throw new Error('No n8n runs.');
	return running;
};

function toRelay(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
	return toFields(relay, { name: 'Company relay', ...changes });
}

async function addConnector(
	door: Door,
	changes: Readonly<Record<string, unknown>> = {},
): Promise<CredentialReference> {
	const data = toFields(door, changes);
	return await now().client.createCredential({ name: door.user, type: 'smtpImapApi', data });
}

/** How many mails each door has let out since the last call: the teams in order, then the relay. */
let counted = [0, 0, 0, 0];
function passages(): number[] {
	const totals = [...teams, relay].map(({ sink }) => sink.mails.length);
	const since = totals.map((total, index) => total - (counted[index] ?? 0));
	counted = totals;
	return since;
}

const connectorOf = (execution: Execution): unknown =>
	itemsOf(execution, SEND)[0]?.json['connector'];

/** Three workflows, each through the connector of its team. */
async function sendFromEveryTeam(): Promise<Execution[]> {
	const executions: Execution[] = [];
	for (const door of teams) {
		executions.push(await sendOnce(now().client, await addConnector(door)));
	}
	return executions;
}

async function rest(path: string): Promise<string> {
	return await (await now().client.downloadAsset(path)).text();
}

/** All that a user or a reader of the log can get to see. */
async function everythingShown(executions: readonly Execution[]): Promise<string> {
	const answers = await Promise.all([
		readFile(now().instance.logFile, 'utf8'),
		rest('rest/credentials?includeData=true'),
		rest('types/credentials.json'),
		rest('types/nodes.json'),
		rest('rest/settings'),
		...executions.map(({ id }) => rest(`rest/executions/${id}`)),
	]);
	return answers.join('\n');
}

function expectNoSecret(text: string): void {
	expect(text).not.toContain(relay.password);
	expect(text).not.toContain(Buffer.from(relay.password).toString('base64').replace(/=+$/, ''));
	expect(text).not.toContain(Buffer.from(`\0${relay.user}\0${relay.password}`).toString('base64'));
}

/** What an author of workflows may try: each has to end at the relay, or nowhere. */
async function evade(): Promise<Execution[]> {
	const { client } = now();
	const [sales] = teams;
	if (sales === undefined) throw new Error('There is no team.');
	const own = JSON.stringify(toFields(sales));
	const tricks: Array<Readonly<Record<string, unknown>>> = [
		{ globalConnector: own },
		{ globalConnector: `={{ ${own} }}` },
		{ globalConnector: '={{ "" }}' },
		{ globalConnector: own, '@version': 1, enabled: '={{ true }}' },
		{ fromName: '={{ $self.globalConnector }} {{ $self["globalConnector"].password }}' },
		{ fromName: '={{ JSON.stringify($self) }}', replyTo: '={{ $self.user }}' },
	];
	const executions: Execution[] = [];
	for (const trick of tricks) {
		executions.push(await sendOnce(client, await addConnector(sales, trick)));
	}
	const connector = await addConnector(sales);
	const expression = await sendOnce(client, connector, { connector: '={{ "smtpImapApi" }}' });
	expect(expression.error).toContain('Connector: must be chosen from the list');
	return [...executions, expression];
}

test(
	'the environment forces the mail of every workflow through one connector, and no author evades it',
	async () => {
		const client = await startWith({
			N8N_EMAIL_GLOBAL_CONNECTOR: JSON.stringify(toRelay()),
			CREDENTIALS_OVERWRITE_DATA: JSON.stringify({
				smtpImapApi: { globalConnector: { outgoingHost: 'elsewhere.test' } },
			}),
		});

		const executions = await sendFromEveryTeam();

		expect(passages()).toEqual([0, 0, 0, 3]);
		expect(executions.map(connectorOf)).toEqual(
			teams.map(({ user }) => ({ asked: user, used: 'Company relay', override: 'environment' })),
		);
		expect(relay.sink.mails.map(({ from }) => from)).toEqual(teams.map(({ user }) => user));

		const evasions = await evade();
		expect(passages()).toEqual([0, 0, 0, 6]);

		const peeked = await sendOnce(client, await addConnector(teams[0] ?? relay), {
			subject: '={{ $env.N8N_EMAIL_GLOBAL_CONNECTOR }}',
		});
		expect(passages().slice(0, 3)).toEqual([0, 0, 0]);
		expectNoSecret(await everythingShown([...executions, ...evasions, peeked]));
		expectNoSecret(relay.sink.mails.map(({ raw }) => raw.toString()).join('\n'));
	},
	START_MS,
);

test(
	'without it every mail leaves by its own connector, until an overwrite comes by the endpoint',
	async () => {
		const client = await startWith({ CREDENTIALS_OVERWRITE_ENDPOINT: 'overwrites' });

		const own = await sendFromEveryTeam();
		expect(passages()).toEqual([1, 1, 1, 0]);
		expect(own.map(connectorOf)).toEqual(teams.map(({ user }) => ({ asked: user, used: user })));

		const [sales] = teams;
		if (sales === undefined) throw new Error('There is no team.');
		const stored = await addConnector(sales, { globalConnector: JSON.stringify(toRelay()) });
		await sendOnce(client, stored);
		expect(passages()).toEqual([1, 0, 0, 0]);

		const answer = await fetch(`${now().instance.url}/overwrites`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ smtpImapApi: { globalConnector: toRelay({ forceFrom: true }) } }),
		});
		expect(await answer.json()).toMatchObject({ success: true });
		const forced = await sendFromEveryTeam();
		expect(passages()).toEqual([0, 0, 0, 3]);
		expect(forced.map(connectorOf)).toEqual(
			teams.map(({ user }) => ({ asked: user, used: 'Company relay', override: 'overwrite' })),
		);
		expect(relay.sink.mails.slice(-3).map(({ from }) => from)).toEqual(teams.map(() => relay.user));
	},
	START_MS,
);

test(
	'an overwrite of the environment forces every mail, tests say so, and no author learns its password',
	async () => {
		const client = await startWith({
			CREDENTIALS_OVERWRITE_DATA: JSON.stringify({
				smtpImapApi: {
					globalConnector: JSON.stringify(
						toRelay({ redirectAllTo: 'qa@corp.test', bccArchive: 'archive@corp.test' }),
					),
				},
			}),
		});

		const executions = await sendFromEveryTeam();
		expect(passages()).toEqual([0, 0, 0, 3]);
		expect(executions.map(connectorOf)).toEqual(
			teams.map(({ user }) => ({
				asked: user,
				used: 'Company relay',
				override: 'overwrite',
				redirectedFrom: { to: ['ann@customer.test'], cc: [], bcc: [] },
			})),
		);
		expect(relay.sink.mails.at(-1)?.to).toEqual(['qa@corp.test', 'archive@corp.test']);

		const evasions = await evade();
		expect(passages()).toEqual([0, 0, 0, 6]);

		const [sales] = teams;
		if (sales === undefined) throw new Error('There is no team.');
		const messages: string[] = [];
		for (const fromName of ['Sales', '={{ $self.globalConnector }}']) {
			// The test shows the user of the connector: a place to which a secret could be brought.
			const data = toFields(sales, {
				fromName,
				user: `={{ "${sales.user}" + ($self.globalConnector ?? "") }}`,
			});
			const credential = { name: sales.user, type: 'smtpImapApi', data };
			const { id } = await client.createCredential(credential);
			const { status, message } = await client.testCredential({ ...credential, id });
			expect([status, message]).toEqual([
				'OK',
				expect.stringContaining(
					'global connector "Company relay" (set by a credential overwrite of n8n), which works',
				),
			]);
			messages.push(message, await rest(`rest/credentials/${id}?includeData=true`));
		}

		expectNoSecret(messages.join('\n'));
		expectNoSecret(await everythingShown([...executions, ...evasions]));
		expectNoSecret(relay.sink.mails.map(({ raw }) => raw.toString()).join('\n'));
	},
	START_MS,
);

test(
	'a malformed global connector lets nothing leave, and a default connector sends where it is asked for',
	async () => {
		const file = join(folder, 'connector.json');
		await writeFile(file, JSON.stringify(toRelay({ outgoingHost: '' })));
		const client = await startWith({
			N8N_EMAIL_GLOBAL_CONNECTOR_FILE: file,
			N8N_EMAIL_DEFAULT_CONNECTOR: JSON.stringify(toRelay({ name: 'Default relay' })),
		});

		const refused = await sendFromEveryTeam();
		for (const { status, error } of refused) {
			expect([status, error]).toEqual([
				'error',
				expect.stringContaining('N8N_EMAIL_GLOBAL_CONNECTOR_FILE: outgoingHost must be filled'),
			]);
		}
		expect(passages()).toEqual([0, 0, 0, 0]);
		expectNoSecret(await everythingShown(refused));

		// Corrected while n8n runs.
		await writeFile(file, JSON.stringify(toRelay()));
		const corrected = await eventually('corrected file in use', async () => {
			const execution = await sendOnce(client, await addConnector(teams[0] ?? relay));
			return execution.status === 'success' ? execution : undefined;
		});
		expect(connectorOf(corrected)).toMatchObject({ override: 'environment' });
		expect(passages()).toEqual([0, 0, 0, 1]);
	},
	START_MS,
);

test(
	'a workflow that leaves the choice to the administrator needs no credential',
	async () => {
		const client = await startWith({
			N8N_EMAIL_DEFAULT_CONNECTOR: JSON.stringify(toRelay({ name: 'Default relay' })),
		});
		const byDefault = await sendOnce(client, undefined, { connector: 'default' });
		expect(connectorOf(byDefault)).toEqual({ asked: 'Default relay', used: 'Default relay' });
		expect(passages()).toEqual([0, 0, 0, 1]);
		await sendFromEveryTeam();
		expect(passages()).toEqual([1, 1, 1, 0]);

		await startWith({});
		const without = await sendOnce(now().client, undefined, { connector: 'default' });
		expect(without.error).toContain('No default connector is set');
		expect(passages()).toEqual([0, 0, 0, 0]);
	},
	START_MS,
);
