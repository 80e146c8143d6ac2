import { isMailError } from '../../../mail/errors';
import { readSettings } from '../../../nodes/EmailTrigger/settings';

/** n8n's parameters as a trigger reads them: what the user left alone has the fallback. */
function settingsOf(parameters: Record<string, unknown>, zone = 'Europe/Berlin') {
	return readSettings({
		getNodeParameter: (name: string, fallback?: unknown) =>
			(parameters[name] ?? fallback) as object,
		getTimezone: () => zone,
	} as Parameters<typeof readSettings>[0]);
}

function complaintOf(parameters: Record<string, unknown>): string {
	try {
		settingsOf(parameters);
	} catch (error) {
		if (isMailError(error, 'settings.invalid')) return error.message;
		throw error;
	}
	throw new Error('The settings were accepted.');
}

describe("the trigger's settings", () => {
	it('work without any choice: new mail of INBOX, marked as read, files of up to 1 MB', () => {
		expect(settingsOf({})).toEqual({
			folder: 'INBOX',
			startWith: { kind: 'new' },
			acknowledge: 'finished',
			afterProcessing: { kind: 'markRead' },
			routing: { routes: [], companies: [], mode: 'first', trustedServers: [] },
			acknowledgements: [undefined],
			attachments: { kind: 'files', types: '', limitBytes: 1024 * 1024, storesLarge: false },
			includeSource: false,
			includeText: true,
			messagesPerExecution: 100,
			testMessages: 1,
			executionsAtATime: 10,
			attempts: 3,
			textCharacters: 2 * 1024 * 1024,
		});
	});

	it.each([
		[{ emailsPerExecution: 'one', mostEmailsPerExecution: 50 }, 1],
		[{ emailsPerExecution: 'limited' }, 20],
		[{ emailsPerExecution: 'limited', mostEmailsPerExecution: 7 }, 7],
	])('take the number of emails per execution from %j', (options, expected) => {
		expect(settingsOf({ options }).messagesPerExecution).toBe(expected);
	});

	it('fill in what a route leaves out', () => {
		const { routing } = settingsOf({ routes: { route: [{ name: 'A', rules: {} }] } });
		expect(routing.routes).toEqual([
			{
				name: 'A',
				enabled: true,
				runsIn: 'both',
				priority: 100,
				recipientAddress: '',
				match: 'all',
				rules: [],
			},
		]);
	});

	it('take what was chosen from a list, and forget what was typed for the kind of rule before', () => {
		const rule = { field: 'kind', value: 'typed', choices: ['bounce', 'reply'], operator: 'is' };
		const { routing } = settingsOf({ routes: { route: [{ name: 'A', rules: { rule: [rule] } }] } });
		expect(routing.routes[0]?.rules).toEqual([
			{ field: 'kind', value: 'bounce;reply', header: '', negate: false },
		]);
	});

	it.each([
		['chosen', { companies: ['Contoso', 'A;B', '"C"'] }, 'Contoso;"A;B";"""C"""'],
		['typed, as before names were offered', { value: 'Contoso; Fabrikam' }, 'Contoso; Fabrikam'],
		['both', { companies: ['Contoso'], value: 'Fabrikam' }, 'Contoso;Fabrikam'],
		['given by an expression', { companies: 'Contoso; Fabrikam' }, 'Contoso; Fabrikam'],
		['neither', {}, ''],
	])('take companies that are %s', (_title, given, expected) => {
		const rule = { field: 'company', ...given };
		const { routing } = settingsOf({ routes: { route: [{ name: 'A', rules: { rule: [rule] } }] } });
		expect(routing.routes[0]?.rules[0]?.value).toBe(expected);
	});

	it('put the companies of the node and those of the JSON into one directory', () => {
		const { routing } = settingsOf({
			companies: { company: [{ name: 'Contoso', domains: 'contoso.com' }] },
			companiesJson: '[{"name": "Fabrikam", "domains": ["fabrikam.com", "fabrikam.de"]}]',
		});
		expect(routing.companies).toEqual([
			{ name: 'Contoso', domains: 'contoso.com', addresses: '' },
			{
				name: 'Fabrikam',
				domains: 'fabrikam.com;fabrikam.de',
				addresses: '',
				place: 'Companies From JSON, company 1',
			},
		]);
	});

	it('read the acknowledgements of the routes and of the fallback', () => {
		const settings = settingsOf({
			routes: {
				route: [
					{ name: 'A' },
					{ name: 'B', sendAcknowledgement: true, acknowledgementSubject: 'Hi' },
				],
			},
			fallback: {
				acknowledgement: {
					sendAcknowledgement: true,
					acknowledgementOptions: { includeCc: true, periodHours: 1, isHtml: true },
				},
			},
		});
		expect(settings.acknowledgements).toMatchObject([
			undefined,
			{ includesCopies: false, periodMs: 24 * 3_600_000, text: { format: 'text' } },
			{ includesCopies: true, periodMs: 3_600_000, text: { format: 'html' } },
		]);
	});

	it.each([
		[{ acknowledgementSubject: ' ' }, 'route "A", acknowledgement subject: must be filled'],
		[
			{ acknowledgementText: '{name}' },
			'route "A", acknowledgement text: "{name}" is no placeholder',
		],
	])('refuse the acknowledgement %j', (fields, complaint) => {
		const route = { name: 'A', sendAcknowledgement: true, ...fields };
		expect(complaintOf({ routes: { route: [route] } })).toContain(complaint);
	});

	it('read the names of trusted servers', () => {
		const { routing } = settingsOf({ options: { trustedServers: 'mx.a.test; mx.b.test;' } });
		expect(routing.trustedServers).toEqual(['mx.a.test', 'mx.b.test']);
	});

	it('read a date without an offset in the time zone of the workflow', () => {
		const { startWith } = settingsOf({ startWith: 'since', since: '2026-07-01T12:00:00' });
		expect(startWith).toEqual({ kind: 'since', date: new Date('2026-07-01T10:00:00Z') });
	});

	it('keep the offset of a date that has one', () => {
		const { startWith } = settingsOf({ startWith: 'since', since: '2026-07-01T12:00:00Z' });
		expect(startWith).toEqual({ kind: 'since', date: new Date('2026-07-01T12:00:00Z') });
	});

	it.each([
		[{ afterProcessing: 'nothing' }, { kind: 'nothing' }],
		[{ afterProcessing: 'flag' }, { kind: 'flag' }],
		[{ afterProcessing: 'delete' }, { kind: 'delete' }],
		[
			{ afterProcessing: 'keyword', keyword: ' $Imported ' },
			{ kind: 'keyword', keyword: '$Imported' },
		],
		[
			{ afterProcessing: 'move', targetFolder: ' Done ' },
			{ kind: 'move', folder: 'Done' },
		],
	])('take what is to be done after processing from %j', (parameters, expected) => {
		expect(settingsOf(parameters).afterProcessing).toEqual(expected);
	});

	it.each(['stored', 'finished', 'succeeded'])(
		'take %s as the time of processing',
		(acknowledge) => {
			expect(settingsOf({ options: { acknowledge } }).acknowledge).toBe(acknowledge);
		},
	);

	it('do not ask for a keyword or a folder that is not used', () => {
		expect(
			settingsOf({ afterProcessing: 'flag', keyword: 'two words', targetFolder: '' }),
		).toMatchObject({ afterProcessing: { kind: 'flag' } });
	});

	it.each([
		['Since', { startWith: 'since', since: '' }],
		['Since', { startWith: 'since', since: 'yesterday' }],
		['Folder', { folder: '  ' }],
		['Start With', { startWith: 'sometimes' }],
		['After Processing', { afterProcessing: 'burn' }],
		['Keyword', { afterProcessing: 'keyword', keyword: ' ' }],
		['Keyword', { afterProcessing: 'keyword', keyword: 'two words' }],
		['Keyword', { afterProcessing: 'keyword', keyword: '\\Deleted' }],
		['Keyword', { afterProcessing: 'keyword', keyword: 'Grüße' }],
		['Target Folder', { afterProcessing: 'move', targetFolder: ' ' }],
		['Options → acknowledge', { options: { acknowledge: 'soon' } }],
		['Options → attachmentLimitKb', { options: { attachmentLimitKb: -1 } }],
		['Routes → route → 0 → match', { routes: { route: [{ name: 'A', match: 'most' }] } }],
		[
			'Routes → route → 0 → rules → rule → 0 → field',
			{ routes: { route: [{ rules: { rule: [{ field: 'colour' }] } }] } },
		],
	])('name %s when it is not valid', (name, parameters) => {
		expect(complaintOf(parameters)).toContain(name);
	});
});
