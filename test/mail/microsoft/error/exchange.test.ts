import { toImapError } from '../../../../mail/drivers/imap/error';
import { toPop3Error } from '../../../../mail/drivers/pop3/error';
import { toSmtpError } from '../../../../mail/drivers/smtp/smtp-error';

const SMTP = { where: 'smtp.office365.com:587', secured: true };

function refuseSmtp(response: string, command: string) {
	const responseCode = Number(response.slice(0, 3));
	const code = command.startsWith('AUTH') ? 'EAUTH' : 'EENVELOPE';
	return toSmtpError(
		Object.assign(new Error('x'), { code, command, response, responseCode }),
		SMTP,
	);
}

describe('an answer of Exchange Online by SMTP', () => {
	it.each<[string, string, string, string, boolean]>([
		[
			'535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.',
			'AUTH PLAIN',
			'auth.rejected',
			'does not take this sign-in for sending',
			false,
		],
		[
			'535 5.7.139 Authentication unsuccessful, basic authentication is disabled.',
			'AUTH LOGIN',
			'auth.rejected',
			'does not take this sign-in for sending',
			false,
		],
		[
			'535 5.7.3 Authentication unsuccessful [AM0PR0202CA0008.eurprd02.prod.outlook.com]',
			'AUTH XOAUTH2',
			'auth.rejected',
			'rejected the sign-in for sending',
			false,
		],
		[
			'530 5.7.57 Client not authenticated to send mail. Error: 535 5.7.139 Authentication unsuccessful',
			'MAIL FROM',
			'auth.required',
			'wants a sign-in before',
			false,
		],
		[
			'550 5.7.60 SMTP; Client does not have permissions to send as this sender',
			'DATA',
			'sender.rejected',
			'may not send from this address',
			false,
		],
		[
			'550 5.7.30 Basic authentication is not supported for Client Submission.',
			'AUTH PLAIN',
			'auth.rejected',
			'no longer takes a password',
			false,
		],
		[
			'550 5.7.64 TenantAttribution; Relay Access Denied [DB5EUR01FT012.eop-EUR01.prod.protection.outlook.com]',
			'RCPT TO',
			'recipient.rejected',
			'No inbound connector of Exchange knows',
			false,
		],
		[
			'550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization from unauthorized sources',
			'RCPT TO',
			'recipient.rejected',
			'does not take e-mail that is sent directly',
			false,
		],
		[
			'550 5.1.8 Access denied, bad outbound sender.',
			'MAIL FROM',
			'sender.rejected',
			'has blocked the sender',
			false,
		],
		[
			'550 5.7.705 Access denied, tenant has exceeded threshold.',
			'RCPT TO',
			'server.throttled',
			'may send no more today',
			false,
		],
		[
			'550 5.1.90 Your message can’t be sent because you’ve reached your daily limit',
			'DATA',
			'server.throttled',
			'may send no more today',
			false,
		],
		[
			'432 4.3.2 Concurrent connections limit exceeded. Visit https://aka.ms/concurrent_sending for more information.',
			'AUTH LOGIN',
			'server.throttled',
			'Too many connections send',
			true,
		],
		[
			'451 4.7.500 Server busy. Please try again later',
			'RCPT TO',
			'server.throttled',
			'more slowly for a while',
			true,
		],
	])('%s', (response, command, code, title, retryable) => {
		const error = refuseSmtp(response, command);
		expect(error).toMatchObject({ code, retryable });
		expect(error.title).toContain(title);
		expect(error.message).toContain(response.slice(0, 40));
		expect(error.remedy).toMatch(/^[A-Z].*\.$/);
	});

	it.each([
		['535 5.7.3 Wrong password', 'AUTH PLAIN', 'auth.rejected'],
		['550 5.7.64 No relaying here', 'RCPT TO', 'recipient.rejected'],
		['421 4.3.2 Service shutting down', 'MAIL FROM', 'server.throttled'],
	])('is not seen in one of another server: %s', (response, command, code) => {
		const error = refuseSmtp(response, command);
		expect(error.code).toBe(code);
		expect(error.title).not.toMatch(/Microsoft|Exchange|Too many connections/);
	});

	it('names every recipient that the relay refused', () => {
		const refused = ['a@example.com', 'b@example.org'].map((recipient) => ({
			recipient,
			command: 'RCPT TO',
			responseCode: 550,
			response: '550 5.7.64 TenantAttribution; Relay Access Denied',
		}));
		const error = toSmtpError({ code: 'EENVELOPE', rejectedErrors: refused }, SMTP);
		expect(error).toMatchObject({
			subject: 'a@example.com, b@example.org',
			title: 'No inbound connector of Exchange knows this n8n server',
		});
	});
});

describe('an answer of Exchange Online by IMAP', () => {
	it.each<[string, string, string]>([
		['AUTHENTICATE failed.', 'auth.rejected', 'rejected the access token'],
		['LOGIN failed.', 'auth.rejected', 'does not take a password here'],
		[
			'User is authenticated but not connected.',
			'server.tooManyConnections',
			'the mailbox did not open',
		],
	])('%s', (responseText, code, title) => {
		const error = toImapError(
			{ responseStatus: 'NO', responseText, authenticationFailed: true },
			'outlook.office365.com:993',
		);
		expect(error.code).toBe(code);
		expect(error.title).toContain(title);
		expect(error.message).toContain(responseText.replace(/\.$/, ''));
		expect(error.remedy).toMatch(/mailbox|OAuth2/);
	});

	it('is recognised with the status that XOAUTH2 adds', () => {
		const error = toImapError(
			{
				responseStatus: 'NO',
				responseText: 'AUTHENTICATE failed.',
				authenticationFailed: true,
				oauthError: { status: '400' },
			},
			'outlook.office365.com:993',
		);
		expect(error.title).toBe('Microsoft rejected the access token for this mailbox');
		expect(error.message).toContain('(status 400)');
	});

	it('is not seen in one of another server', () => {
		const error = toImapError(
			{ responseStatus: 'NO', responseText: 'Login failed.', authenticationFailed: true },
			'imap.example.com:993',
		);
		expect(error.code).toBe('auth.rejected');
		expect(error.title).not.toContain('Microsoft');
	});
});

describe('an answer of Exchange Online by POP3', () => {
	it.each([
		'Authentication failure: unknown user name or bad password.',
		'Logon failure: unknown user name or bad password.',
	])('%s', (text) => {
		const otherwise = { code: 'server.unavailable', retryable: true } as const;
		const error = toPop3Error({ text, subject: 'outlook.office365.com:995', otherwise });
		expect(error).toMatchObject({
			code: 'auth.rejected',
			title: 'Microsoft rejected the sign-in to this mailbox',
		});
	});
});
