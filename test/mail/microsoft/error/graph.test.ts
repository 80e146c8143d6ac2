import { toGraphError, toRetryAfterMs } from '../../../../mail/microsoft/error';
import { graphFaults } from '../../../../mail/microsoft/error/graph-table';

const REQUEST = '1c6e9d2a-3333-4444-8555-666677778888';

const refuse = (status: number, code: string, message = 'No.', retryAfterMs?: number) =>
	toGraphError(
		{
			status,
			body: { error: { code, message, innerError: { 'request-id': REQUEST, date: 'x' } } },
			retryAfterMs,
		},
		'graph.microsoft.com',
	);

describe('a refusal of Microsoft Graph', () => {
	// One row per fault of the table.
	it.each<[number, string, string, string, string]>([
		[
			401,
			'InvalidAuthenticationToken',
			'Lifetime validation failed, the token is expired.',
			'auth.expired',
			'did not accept the access token',
		],
		[
			403,
			'Forbidden',
			'Access token is missing required scopes. scopes=Mail.ReadWrite',
			'auth.permission',
			'A permission is missing',
		],
		[
			403,
			'Authorization_RequestDenied',
			'Insufficient privileges to complete the operation.',
			'auth.permission',
			'A permission is missing',
		],
		[
			403,
			'ErrorAccessDenied',
			'Access is denied. Check credentials and try again.',
			'auth.permission',
			'no right on this mailbox or folder',
		],
		[
			403,
			'ErrorSendAsDenied',
			'The user account which was used to submit this request does not have the right to send mail on behalf of the specified sending account.',
			'sender.rejected',
			'may not send from this address',
		],
		[
			404,
			'ErrorInvalidUser',
			'The requested user is invalid.',
			'mailbox.missing',
			'does not know the mailbox',
		],
		[
			404,
			'Request_ResourceNotFound',
			"Resource 'x' does not exist",
			'mailbox.missing',
			'does not know the mailbox',
		],
		[
			404,
			'ErrorItemNotFound',
			'The specified object was not found in the store.',
			'message.missing',
			'no longer there',
		],
		[
			404,
			'MailboxNotEnabledForRESTAPI',
			'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
			'mailbox.missing',
			'no mailbox in Exchange Online',
		],
		[
			404,
			'ResourceNotFound',
			'Resource could not be discovered.',
			'mailbox.missing',
			'no mailbox in Exchange Online',
		],
		[
			400,
			'BadRequest',
			'/me request is only valid with delegated authentication flow.',
			'settings.invalid',
			'An app has no mailbox of its own',
		],
		[
			400,
			'ErrorInvalidIdMalformed',
			'Id is malformed.',
			'settings.invalid',
			'ID of the e-mail or folder',
		],
		[
			400,
			'RequestBodyRead',
			'An unexpected token was found',
			'engine.unexpected',
			'could not read what was sent',
		],
		[
			400,
			'UnableToDeserializePostBody',
			'were unable to deserialize',
			'engine.unexpected',
			'could not read what was sent',
		],
		[
			400,
			'ErrorInvalidRecipients',
			'At least one recipient is not valid.',
			'recipient.rejected',
			'A recipient is missing',
		],
		[
			400,
			'InvalidInternetMessageHeader',
			"The internet message header name 'Foo' should start with 'x-'",
			'message.invalid',
			'custom header',
		],
		[
			400,
			'InvalidInternetMessageHeaderCollection',
			'Maximum number of headers in one message should be less than or equal to 5.',
			'message.invalid',
			'custom header',
		],
		[
			400,
			'ErrorMimeContentInvalidBase64String',
			'Invalid base64 string for MIME content.',
			'engine.unexpected',
			'could not read the e-mail',
		],
		[400, 'BadRequest', 'The maximum request length supported is 4MB.', 'message.tooLarge', '4 MB'],
		[413, 'RequestEntityTooLarge', 'Too large', 'message.tooLarge', '4 MB'],
		[
			400,
			'ErrorMessageSizeExceeded',
			'The message exceeds the maximum supported size.',
			'message.tooLarge',
			'larger than the organization allows',
		],
		[403, 'ErrorQuotaExceeded', 'Quota exceeded', 'mailbox.full', 'is full'],
		[507, 'InsufficientStorage', 'No space', 'mailbox.full', 'is full'],
		[
			400,
			'ErrorExceededMessageLimit',
			'The account has exceeded its daily limit',
			'server.throttled',
			'may send no more today',
		],
		[
			410,
			'SyncStateNotFound',
			'The sync state generation is not found',
			'mailbox.changed',
			'forgotten how far',
		],
		[400, 'resyncRequired', 'Resync', 'mailbox.changed', 'forgotten how far'],
		[
			400,
			'ValidationError',
			'Subscription validation request failed. Notification endpoint must respond with 200 OK',
			'settings.invalid',
			'could not reach this n8n',
		],
		[
			429,
			'ApplicationThrottled',
			'Application is over its MailboxConcurrency limit.',
			'server.throttled',
			'Too many requests',
		],
		[429, 'TooManyRequests', 'Slow down', 'server.throttled', 'Too many requests'],
	])('%d %s (%s) becomes %s', (status, code, message, expected, title) => {
		const error = refuse(status, code, message);
		expect(error.code).toBe(expected);
		expect(error.title).toContain(title);
		expect(error.serverCode).toBe(code);
		expect(error.message).toContain(`${code}: ${message.replace(/<[^>]*>/g, ' ')}`);
		expect(error.message).toContain(`[trace ${REQUEST}]`);
	});

	it.each([
		[401, 'auth.expired', false],
		[403, 'auth.permission', false],
		[404, 'message.missing', false],
		[410, 'mailbox.changed', true],
		[429, 'server.throttled', true],
		[500, 'server.unavailable', true],
		[502, 'server.unavailable', true],
		[503, 'server.unavailable', true],
		[504, 'server.unavailable', true],
		[509, 'server.throttled', true],
		[400, 'server.protocol', false],
	])(
		'is judged by HTTP %d where the code is unknown, or the answer a page',
		(status, code, retryable) => {
			expect(refuse(status, 'SomethingNew')).toMatchObject({ code, retryable });
			const page = toGraphError({ status, body: undefined }, 'graph.microsoft.com');
			expect(page).toMatchObject({ code, retryable });
			expect(page.message).toMatch(new RegExp(`The server said: HTTP ${status}$`));
		},
	);

	it('is recognised by an inner code too', () => {
		const body = {
			error: { code: 'BadRequest', message: 'x', innerError: { code: 'errorSendAsDenied' } },
		};
		expect(toGraphError({ status: 403, body }, 'x').code).toBe('sender.rejected');
	});

	it('says how long to wait', () => {
		expect(refuse(429, 'TooManyRequests', 'x', 12_000).retryAfterMs).toBe(12_000);
	});

	it('is no worse for an answer of any shape', () => {
		for (const body of [null, [], 'x', { error: 'x' }, { error: { code: 5 } }, { error: null }]) {
			expect(toGraphError({ status: 400, body }, 'x').code).toBe('server.protocol');
		}
	});

	it('has one row per fault', () => {
		const codes = graphFaults.flatMap((fault) => fault.codes ?? []);
		expect(codes.length).toBe(new Set(codes).size);
		const titles = graphFaults.map(({ title }) => title);
		expect(titles.length).toBe(new Set(titles).size);
	});
});

describe('Retry-After', () => {
	const now = Date.parse('2026-11-21T20:00:00Z');

	it.each<[unknown, number | undefined]>([
		['7', 7_000],
		['0', 0],
		[' 30 ', 30_000],
		['Sat, 21 Nov 2026 20:01:00 GMT', 60_000],
		['Sat, 21 Nov 2026 19:00:00 GMT', 0],
		['9999999999', 24 * 60 * 60_000],
		['soon', undefined],
		['-5', undefined],
		['', undefined],
		[undefined, undefined],
		[['3', '4'], 3_000],
	])('%p is %p ms', (header, expected) => {
		expect(toRetryAfterMs(header, now)).toBe(expected);
	});
});
