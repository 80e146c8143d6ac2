import type { Connector } from '../../../../mail/connector';
import { createGraphDriver } from '../../../../mail/drivers/graph';
import { createGraphSender } from '../../../../mail/drivers/graph/sender';
import { isMailError, type MailError } from '../../../../mail/errors';
import { composeMessage } from '../../../../mail/outbox';
import { graphFaults } from '../../../../mail/microsoft/error/graph-table';
import { graphConnector } from '../../../support/graph-sending';
import type { Application } from '../../../support/microsoft-tenant/directory/application';
import {
	GraphError,
	toGraphErrorAnswer,
} from '../../../support/microsoft-tenant/graph/graph-error';
import {
	type MicrosoftTenant,
	startMicrosoftTenant,
} from '../../../support/microsoft-tenant/tenant';
import { outgoingMessage } from '../../../support/sending';
import { silentLog } from '../imap/imap-connector';

/** Those that the driver itself deals with: see gate.test.ts, client.test.ts and new-mail.test.ts. */
const DEALT_WITH: readonly string[] = [
	'Too many requests at a time',
	'Microsoft has forgotten how far the folder was read',
];
/** Of a request that the product does not make. */
const NOT_ASKED: readonly string[] = ['Microsoft could not reach this n8n to notify it'];

const NEVER = new AbortController().signal;
const ANNA = 'anna@contoso.example';
const BERT = 'bert@contoso.example';

let tenant: MicrosoftTenant;
let application: Application;

beforeEach(async () => {
	tenant = await startMicrosoftTenant();
	for (const address of [ANNA, BERT]) tenant.addUser(address);
	application = tenant.registerApplication({ appPermissions: ['Mail.ReadWrite', 'Mail.Send'] });
});
afterEach(async () => await tenant.close());

/** The mailbox that an app uses; undefined: it asks for its own. */
function connector(mailbox: string | undefined): Connector {
	const sending = graphConnector(tenant, { application, mailbox });
	const { outgoing } = sending;
	if (outgoing?.protocol !== 'graph') throw new Error('no Graph account');
	return { ...sending, incoming: outgoing };
}

const ways = {
	read: async (mailbox?: string) => {
		const driver = createGraphDriver(connector(mailbox), silentLog);
		const session = await driver.openFolder('INBOX', NEVER);
		await session.search({});
	},
	readFolder: async (mailbox?: string) => {
		await createGraphDriver(connector(mailbox), silentLog).openFolder('AAMk/no+folder=', NEVER);
	},
	send: async (mailbox = ANNA) => {
		const message = await composeMessage(
			outgoingMessage({
				from: { name: 'Anna', address: mailbox },
				to: [{ name: 'Bert', address: BERT }],
			}),
		);
		try {
			await createGraphSender(connector(mailbox)).send(message);
		} finally {
			await message.dispose();
		}
	},
} as const;

type Way = keyof typeof ways;

async function refusal(way: Way, mailbox?: string): Promise<MailError> {
	const error: unknown = await ways[way](mailbox).then(
		() => new Error('It should have failed.'),
		(thrown: unknown) => thrown,
	);
	if (isMailError(error)) return error;
	throw error;
}

/** What Graph answers to the next requests, with ids as always. */
function order(status: number, code: string, message: string): void {
	const answer = toGraphErrorAnswer(new GraphError(status, code, message), Date.now(), '');
	// A second request is one with another token.
	tenant.faults.add({ answer, url: /^\/v1\.0/, times: 2 });
}

type StateRow = [string, Way, string | undefined, string, string, () => void];

/** Fault, way, mailbox, title, Microsoft's words, and what brings the fault about. */
const ofState: readonly StateRow[] = [
	[
		'the app has no permission',
		'read',
		ANNA,
		'The account has no right on this mailbox or folder',
		'ErrorAccessDenied',
		() => (application.appPermissions = ['User.Read.All']),
	],
	[
		'the mailbox is outside of the scope of the app',
		'read',
		ANNA,
		'The account has no right on this mailbox or folder',
		'ErrorAccessDenied',
		() => (application.mailboxScope = [BERT]),
	],
	[
		'nobody has this address',
		'read',
		'nobody@contoso.example',
		'The tenant does not know the mailbox',
		'ErrorInvalidUser',
		() => undefined,
	],
	[
		'the user has no mailbox',
		'read',
		'carl@contoso.example',
		'The user has no mailbox in Exchange Online',
		'MailboxNotEnabledForRESTAPI',
		() => tenant.addUser('carl@contoso.example', { mailbox: 'none' }),
	],
	[
		'an app asks for its own mailbox',
		'read',
		undefined,
		'An app has no mailbox of its own',
		'/me request is only valid with delegated authentication flow',
		() => undefined,
	],
	[
		'a recipient is refused',
		'send',
		ANNA,
		'A recipient is missing or not valid',
		'ErrorInvalidRecipients',
		() => tenant.sendLimits.refusedRecipients.add(BERT),
	],
	[
		'the mail is larger than the organization allows',
		'send',
		ANNA,
		'The e-mail is larger than the organization allows',
		'ErrorMessageSizeExceeded',
		() => (tenant.sendLimits.messageBytes = 1),
	],
];

type OrderedRow = [Way, number, string, string, string];

/** Way, status, code, Microsoft's words, title. */
const ordered: readonly OrderedRow[] = [
	[
		'read',
		401,
		'InvalidAuthenticationToken',
		'Lifetime validation failed, the token is expired.',
		'Microsoft did not accept the access token',
	],
	[
		'read',
		403,
		'Authorization_RequestDenied',
		'Access token is missing required scopes.',
		'A permission is missing',
	],
	[
		'send',
		403,
		'ErrorSendAsDenied',
		'The user account does not have the right to send mail on behalf of the specified sending account.',
		'The account may not send from this address',
	],
	[
		'read',
		404,
		'Request_ResourceNotFound',
		"Resource 'x' does not exist.",
		'The tenant does not know the mailbox',
	],
	[
		'readFolder',
		404,
		'ErrorItemNotFound',
		'The specified object was not found in the store.',
		'The e-mail or folder is no longer there',
	],
	[
		'read',
		404,
		'ResourceNotFound',
		'Resource could not be discovered.',
		'The user has no mailbox in Exchange Online',
	],
	[
		'readFolder',
		400,
		'ErrorInvalidIdMalformed',
		'Id is malformed.',
		'The ID of the e-mail or folder is not valid',
	],
	[
		'send',
		400,
		'RequestBodyRead',
		'An unexpected token was found.',
		'Microsoft could not read what was sent to it',
	],
	[
		'send',
		400,
		'UnableToDeserializePostBody',
		'were unable to deserialize',
		'Microsoft could not read what was sent to it',
	],
	[
		'send',
		400,
		'InvalidInternetMessageHeader',
		"The name 'Foo' should start with 'x-'.",
		'A custom header is not allowed',
	],
	[
		'send',
		400,
		'ErrorMimeContentInvalidBase64String',
		'Invalid base64 string for MIME content.',
		'Microsoft could not read the e-mail that was sent to it',
	],
	[
		'send',
		413,
		'BadRequest',
		'The maximum request length supported is 4MB.',
		'The request is larger than the 4 MB that Microsoft takes',
	],
	['send', 507, 'ErrorQuotaExceeded', 'The mailbox is full.', 'The mailbox of the sender is full'],
	[
		'send',
		403,
		'ErrorExceededMessageLimit',
		'The account has exceeded its daily limit.',
		'The mailbox or the organization may send no more today',
	],
];

describe('a refusal of the tenant that comes of its state reaches the user', () => {
	it.each(ofState)('%s', async (_fault, way, mailbox, title, words, arrange) => {
		arrange();
		const error = await refusal(way, mailbox);
		expect(error.title).toBe(title);
		expect(error.serverReply).toContain(words);
		expect(error.serverReply).toMatch(/\[trace [\w-]{36}/);
		expect(error.remedy).toBe(graphFaults.find((fault) => fault.title === title)?.remedy);
	});
});

describe('a refusal that the tenant is told to answer with reaches the user', () => {
	it.each(ordered)('%s: %d %s (%s)', async (way, status, code, words, title) => {
		order(status, code, words);
		const error = await refusal(way, ANNA);
		expect(error.title).toBe(title);
		expect(error.serverReply).toContain(`${code}: ${words}`);
		expect(error.serverReply).toMatch(/\[trace [\w-]{36}/);
	});
});

it('that is every row of the table', () => {
	const titles = graphFaults.map(({ title }) => title);
	const provoked = new Set([...ofState.map((row) => row[3]), ...ordered.map((row) => row[4])]);
	const others = titles.filter((title) => !provoked.has(title));
	expect(others.sort()).toEqual([...DEALT_WITH, ...NOT_ASKED].sort());
});
