import { writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { isMailError, type MailError } from '../../../mail/errors';
import { readGlobalConnector } from '../../../nodes/bridge/global-connector';
import {
	overwriteService,
	RELAY_PASSWORD,
	relayValue,
	withFile,
} from '../../support/administrator';

type Environment = Record<string, string | undefined>;

const noOverwrites = overwriteService(() => ({}));

async function read(environment: Environment, overwrites?: unknown) {
	const load = overwrites === undefined ? noOverwrites : overwriteService(() => overwrites);
	return await readGlobalConnector({ environment, load });
}

async function readJson(changes: Readonly<Record<string, unknown>>) {
	return await read({ N8N_EMAIL_GLOBAL_CONNECTOR: JSON.stringify(relayValue(changes)) });
}

async function refusal(work: Promise<unknown>): Promise<MailError> {
	const error: unknown = await work.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (isMailError(error, 'settings.invalid')) return error;
	throw new Error(`It should have been refused, but: ${String(error)}`);
}

describe('the global connector', () => {
	it('is none where nobody has set one', async () => {
		expect(await read({})).toBeUndefined();
		expect(await read({}, { smtpImapApi: { user: 'other@example.test' } })).toBeUndefined();
	});

	it('comes from the environment', async () => {
		const override = await readJson({
			forceFrom: true,
			saveToSentItems: false,
			redirectAllTo: 'QA <qa@corp.test>',
			bccArchive: ['archive@corp.test', 'legal@corp.test'],
		});
		expect(override).toMatchObject({
			origin: 'environment',
			forceFrom: true,
			saveToSentItems: false,
			redirectAllTo: [{ name: 'QA', address: 'qa@corp.test' }],
			bccArchive: [{ address: 'archive@corp.test' }, { address: 'legal@corp.test' }],
			connector: {
				name: 'Company relay',
				outgoing: { host: 'relay.corp.test', port: 587, security: 'starttls' },
				identity: { fromAddress: 'relay@corp.test' },
			},
		});
		expect(override?.connector.incoming).toBeUndefined();
		const outgoing = override?.connector.outgoing;
		const login = outgoing?.protocol === 'graph' ? undefined : outgoing?.login;
		expect(login?.password?.reveal()).toBe(RELAY_PASSWORD);
	});

	it('has no rules but those that are set, and is called by its address where it has no name', async () => {
		const override = await readJson({ name: undefined });
		expect(override).toMatchObject({ forceFrom: false, redirectAllTo: [], bccArchive: [] });
		expect(override?.saveToSentItems).toBeUndefined();
		expect(override?.connector.name).toBe('relay@corp.test');
	});

	it('has a mailbox for its copies where an incoming server or a known service is named', async () => {
		const own = await readJson({ incomingHost: 'imap.corp.test' });
		expect(own?.connector.incoming).toMatchObject({ host: 'imap.corp.test' });
		const service = await readJson({ emailService: 'gmailImap', outgoingHost: undefined });
		expect(service?.connector.incoming).toMatchObject({ host: 'imap.gmail.com' });
		expect(service?.connector.outgoing).toMatchObject({ host: 'smtp.gmail.com' });
	});

	it('comes from a file, which is read anew each time', async () => {
		await withFile(JSON.stringify(relayValue()), async (path) => {
			const environment = { N8N_EMAIL_GLOBAL_CONNECTOR_FILE: path };
			expect((await read(environment))?.connector.name).toBe('Company relay');
			await writeFile(path, `${JSON.stringify(relayValue({ name: 'New relay' }))}\n`);
			expect((await read(environment))?.connector.name).toBe('New relay');
		});
	});

	it('comes from a credential overwrite, as text or as an object, which may change at any time', async () => {
		let value: unknown = relayValue();
		const load = overwriteService(() => ({ smtpImapApi: { globalConnector: value } }));
		const now = async () => await readGlobalConnector({ environment: {}, load });
		expect(await now()).toMatchObject({
			origin: 'overwrite',
			connector: { name: 'Company relay' },
		});
		value = JSON.stringify(relayValue({ name: 'As text' }));
		expect((await now())?.connector.name).toBe('As text');
		value = '';
		expect(await now()).toBeUndefined();
	});

	it('of the environment wins over that of the overwrites, also where that one is malformed', async () => {
		const environment = { N8N_EMAIL_GLOBAL_CONNECTOR: JSON.stringify(relayValue()) };
		for (const globalConnector of [relayValue({ name: 'Overwrite' }), 'nonsense']) {
			expect(await read(environment, { smtpImapApi: { globalConnector } })).toMatchObject({
				origin: 'environment',
				connector: { name: 'Company relay' },
			});
		}
	});
});

const graphValue = (changes: Readonly<Record<string, unknown>>) => ({
	type: 'microsoftGraphMailApi',
	tenant: 'contoso.example',
	clientId: 'client',
	clientSecret: RELAY_PASSWORD,
	mailbox: 'office@contoso.example',
	...changes,
});
const text = (value: unknown) => ({ N8N_EMAIL_GLOBAL_CONNECTOR: JSON.stringify(value) });

const faults: ReadonlyArray<[string, Environment, string]> = [
	[
		'no JSON',
		{ N8N_EMAIL_GLOBAL_CONNECTOR: `{"password":"${RELAY_PASSWORD}"` },
		'is not valid JSON',
	],
	['nothing', { N8N_EMAIL_GLOBAL_CONNECTOR: ' ' }, 'it is empty'],
	['a list', text([relayValue()]), 'must be a JSON object'],
	['text', text(RELAY_PASSWORD), 'must be a JSON object'],
	['an unknown type', text(relayValue({ type: 'gmailOAuth2' })), 'type must be one of smtpImapApi'],
	['a type of every object', text(relayValue({ type: 'toString' })), 'type must be one of'],
	['an unknown field', text(relayValue({ outgoingHots: 'x' })), 'no field "outgoingHots"'],
	['a field of every object', text(relayValue({ constructor: 'x' })), 'no field "constructor"'],
	['no host', text(relayValue({ outgoingHost: undefined })), 'outgoingHost must be filled'],
	[
		'a host with a path',
		text(relayValue({ outgoingHost: 'https://a/b' })),
		'outgoingHost must be a',
	],
	['no password', text(relayValue({ password: '' })), 'password must be filled'],
	[
		'a port out of range',
		text(relayValue({ outgoingPort: 70000 })),
		'outgoingPort must be a whole',
	],
	['a wrong address', text(relayValue({ fromAddress: 'secret' })), 'fromAddress is not an address'],
	['a number for a name', text(relayValue({ name: 1 })), 'name must be text'],
	['a connector that is off', text(relayValue({ enabled: false })), 'enabled must not be false'],
	[
		'one for incoming mail',
		text(relayValue({ useFor: 'incoming', incomingHost: 'x' })),
		'useFor must',
	],
	[
		'a mailbox by Graph without a tenant',
		text(graphValue({ tenant: '' })),
		'tenant must be filled',
	],
	[
		'a mailbox by Graph with a path for a host',
		text(graphValue({ cloud: 'other', graphHost: 'a/b' })),
		'graphHost must be a host name',
	],
	['forceFrom as text', text(relayValue({ forceFrom: 'true' })), 'forceFrom must be true or false'],
	[
		'saveToSentItems as text',
		text(relayValue({ saveToSentItems: 'no' })),
		'saveToSentItems must be',
	],
	[
		'an empty redirectAllTo',
		text(relayValue({ redirectAllTo: '' })),
		'redirectAllTo must be an address',
	],
	[
		'no redirectAllTo at all',
		text(relayValue({ redirectAllTo: null })),
		'redirectAllTo must be an address',
	],
	[
		'a wrong redirectAllTo',
		text(relayValue({ redirectAllTo: 'secret' })),
		'redirectAllTo must be an address',
	],
	['a list of nothing', text(relayValue({ bccArchive: [] })), 'bccArchive must be an address'],
	[
		'more archives than anybody has',
		text(relayValue({ bccArchive: Array.from({ length: 21 }, (_, i) => `a${i}@corp.test`) })),
		'bccArchive must be at most 20',
	],
];

describe('a malformed global connector', () => {
	it.each(faults)(
		'%s: stops with the place and the field, never the value',
		async (_, env, fault) => {
			const error = await refusal(read(env));
			expect(error.subject).toMatch(/^N8N_EMAIL_GLOBAL_CONNECTOR: /);
			expect(error.subject).toContain(fault);
			expect(error.remedy).toContain('no e-mail leaves');
			expect(inspect(error, { depth: 9 })).not.toMatch(new RegExp(`${RELAY_PASSWORD}|secret`));
		},
	);

	it('stops where it is set twice', async () => {
		const environment = { ...text(relayValue()), N8N_EMAIL_GLOBAL_CONNECTOR_FILE: '/run/x' };
		expect((await refusal(read(environment))).subject).toContain('only one of them');
	});

	it.each(['/nowhere/at/all', ''])('stops where its file %j cannot be read', async (path) => {
		const { subject } = await refusal(read({ N8N_EMAIL_GLOBAL_CONNECTOR_FILE: path }));
		expect(subject).toMatch(
			/^N8N_EMAIL_GLOBAL_CONNECTOR_FILE: the file cannot be read \(ENOENT\)$/,
		);
	});

	it('stops where its file is empty', async () => {
		await withFile('\n', async (path) => {
			const { subject } = await refusal(read({ N8N_EMAIL_GLOBAL_CONNECTOR_FILE: path }));
			expect(subject).toMatch(/^N8N_EMAIL_GLOBAL_CONNECTOR_FILE: it is empty/);
		});
	});

	it.each([{}, false, 'nonsense', 5, ['x']])('stops where the overwrite is %j', async (value) => {
		const error = await refusal(read({}, { smtpImapApi: { globalConnector: value } }));
		expect(error.subject).toMatch(/^credential overwrite of smtpImapApi, globalConnector: /);
	});

	it('never lets a value through that is not wholly understood, nor repeats it', async () => {
		const secret = 'zq-secret-7';
		const value = fc.oneof(
			fc.constant(secret),
			fc.constant(1),
			fc.constant(null),
			fc.constant([secret]),
			fc.constant({ x: secret }),
		);
		const fields = ['type', 'name', 'outgoingHost', 'outgoingPort', 'forceFrom', 'redirectAllTo'];
		const change = fc.dictionary(fc.constantFrom(...fields, 'enabled', 'useFor', 'pfx'), value, {
			minKeys: 1,
		});
		await fc.assert(
			fc.asyncProperty(change, async (changes) => {
				const result = await readJson(changes).catch((thrown: unknown) => thrown);
				if (result instanceof Error) {
					expect(isMailError(result, 'settings.invalid')).toBe(true);
					expect(inspect(result, { depth: 9 })).not.toContain(secret);
				} else expect(result).toMatchObject({ connector: { enabled: true } });
			}),
		);
	});
});

describe('the credential overwrites of a host', () => {
	const overwrites = { smtpImapApi: { globalConnector: relayValue() } };
	const CREDENTIALS_OVERWRITE_DATA = JSON.stringify(overwrites);
	const missing = (name: string): unknown => {
		throw new Error(`Cannot find module '${name}'`);
	};

	it('are read from its environment where it cannot be asked', async () => {
		const host = { environment: { CREDENTIALS_OVERWRITE_DATA }, load: missing };
		expect(await readGlobalConnector(host)).toMatchObject({ origin: 'overwrite' });
	});

	it('are read from its environment where its service was not filled, as in n8n execute', async () => {
		expect(await read({ CREDENTIALS_OVERWRITE_DATA }, {})).toMatchObject({ origin: 'overwrite' });
	});

	it('are read from the file of its environment', async () => {
		await withFile(CREDENTIALS_OVERWRITE_DATA, async (path) => {
			const environment = { CREDENTIALS_OVERWRITE_DATA_FILE: path };
			const host = { environment, load: missing };
			expect(await readGlobalConnector(host)).toMatchObject({ origin: 'overwrite' });
		});
	});

	it('that have come by its endpoint win over those of its environment', async () => {
		const current = { smtpImapApi: { user: 'x' } };
		expect(await read({ CREDENTIALS_OVERWRITE_DATA }, current)).toBeUndefined();
	});

	it.each([
		{ CREDENTIALS_OVERWRITE_ENDPOINT: 'overwrites' },
		{ CREDENTIALS_OVERWRITE_PERSISTENCE: 'true' },
	])('stop all mail where %j may have set some and nobody can read them', async (environment) => {
		const { subject } = await refusal(readGlobalConnector({ environment, load: missing }));
		expect(subject).toContain('does not let its credential overwrites be read');
	});

	it('do not matter where they may have come by an endpoint, and the environment sets the connector', async () => {
		const environment = { ...text(relayValue()), CREDENTIALS_OVERWRITE_ENDPOINT: 'overwrites' };
		expect(await readGlobalConnector({ environment, load: missing })).toMatchObject({
			origin: 'environment',
		});
	});

	it('stop all mail where the environment holds no JSON', async () => {
		const environment = { CREDENTIALS_OVERWRITE_DATA: RELAY_PASSWORD };
		const error = await refusal(readGlobalConnector({ environment, load: missing }));
		expect(error.message).not.toContain(RELAY_PASSWORD);
	});

	it('count as none in a service of another form', async () => {
		const odd = (name: string): unknown =>
			name === '@n8n/di' ? { Container: { get: () => ({}) } } : { CredentialsOverwrites: 1 };
		expect(await readGlobalConnector({ environment: {}, load: odd })).toBeUndefined();
	});
});
