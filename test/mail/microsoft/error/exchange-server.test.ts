import { createImapDriver } from '../../../../mail/drivers/imap';
import { createPop3Driver } from '../../../../mail/drivers/pop3';
import { createSmtpSender, SharedPools } from '../../../../mail/drivers/smtp';
import { isMailError, type MailError } from '../../../../mail/errors';
import {
	exchangeMailboxFaults,
	exchangeSmtpFaults,
} from '../../../../mail/microsoft/error/exchange-table';
import { ScriptedTokens } from '../../../support/access-tokens';
import { certificateAuthority, signedCertificate } from '../../../support/certificate';
import { type ImapServerScript, startImapServer } from '../../../support/imap-server';
import { pop3Connector } from '../../../support/pop3-connector';
import { startPop3Server } from '../../../support/pop3-server';
import { composedMessage, login, sendingConnector } from '../../../support/sending';
import { type Step, startSmtpSink } from '../../../support/smtp-sink';
import { imapConnector, silentLog } from '../../drivers/imap/imap-connector';

const USER = 'support@example.test';
const TOKENS = ['first-token', 'second-token'];
const NEVER = new AbortController().signal;

async function refusal(work: Promise<unknown>): Promise<MailError> {
	const error: unknown = await work.then(
		() => new Error('It should have failed.'),
		(thrown: unknown) => thrown,
	);
	if (isMailError(error)) return error;
	throw error;
}

/** What a server like Exchange Online answers at a step of sending. */
async function sendTo(step: Step, answer: string, withToken: boolean): Promise<MailError> {
	const sink = await startSmtpSink({
		users: { [USER]: 'right' },
		mechanisms: withToken ? ['XOAUTH2'] : ['PLAIN'],
		protection: 'starttls',
		certificate: await signedCertificate(),
	});
	sink.behave(step, () => answer);
	const { host, port } = sink;
	const tokens = step === 'signIn' ? TOKENS : ['right'];
	const token = { user: USER, tokens: new ScriptedTokens(...tokens) };
	const signIn = withToken ? token : login(USER, 'right');
	const { certificatePem: caPem } = await certificateAuthority();
	const connector = sendingConnector(
		{ host, port, security: 'starttls', login: signIn },
		{ tls: { minVersion: 'TLSv1.2', allowUntrusted: false, caPem } },
	);
	const sender = createSmtpSender(connector, new SharedPools(0));
	try {
		return await refusal(sender.send(composedMessage()));
	} finally {
		await sender.close();
		await sink.close();
	}
}

async function readByImap(script: ImapServerScript, withToken: boolean): Promise<MailError> {
	const server = await startImapServer({
		capabilities: 'IMAP4rev1 SASL-IR AUTH=XOAUTH2',
		...script,
	});
	const secret = withToken ? { tokens: new ScriptedTokens(...TOKENS) } : { password: 'wrong' };
	const driver = createImapDriver(imapConnector({ port: server.port, ...secret }), silentLog);
	try {
		return await refusal(driver.openFolder('INBOX', NEVER));
	} finally {
		await server.close();
	}
}

async function readByPop3(answer: string): Promise<MailError> {
	const server = await startPop3Server({
		capabilities: ['SASL XOAUTH2', 'UIDL'],
		answers: { AUTH: () => `-ERR ${answer}\r\n` },
	});
	const tokens = new ScriptedTokens(...TOKENS);
	const connector = pop3Connector({ port: server.port, tokens });
	try {
		return await refusal(createPop3Driver(connector, silentLog).openFolder('INBOX', NEVER));
	} finally {
		await server.close();
	}
}

type SmtpRow = readonly [status: string, step: Step, answer: string, signIn: 'token' | 'password'];

const smtpRows: readonly SmtpRow[] = [
	[
		'5.7.139',
		'signIn',
		'535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.',
		'token',
	],
	[
		'5.7.3',
		'signIn',
		'535 5.7.3 Authentication unsuccessful [AM0PR0202CA0008.prod.outlook.com]',
		'token',
	],
	['5.7.57', 'mailFrom', '530 5.7.57 Client not authenticated to send mail.', 'password'],
	[
		'5.7.60',
		'data',
		'550 5.7.60 SMTP; Client does not have permissions to send as this sender',
		'token',
	],
	[
		'5.7.30',
		'signIn',
		'550 5.7.30 Basic authentication is not supported for Client Submission.',
		'password',
	],
	['5.7.64', 'recipient', '550 5.7.64 TenantAttribution; Relay Access Denied', 'password'],
	[
		'5.7.68',
		'recipient',
		'550 5.7.68 TenantInboundAttribution; Direct Send not allowed for this organization',
		'password',
	],
	['5.1.8', 'mailFrom', '550 5.1.8 Access denied, bad outbound sender.', 'token'],
	['5.1.90', 'data', '550 5.1.90 Your message cannot be sent because of your daily limit', 'token'],
	['4.3.2', 'signIn', '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded', 'token'],
	['4.7.500', 'recipient', '451 4.7.500 Server busy. Please try again later', 'token'],
];

describe('a server that answers as Exchange Online', () => {
	it.each(smtpRows)('by SMTP, %s at %s: %s', async (status, step, answer, signIn) => {
		const fault = exchangeSmtpFaults.find(({ statuses }) => statuses?.[0] === status);
		const error = await sendTo(step, answer, signIn === 'token');
		expect(error).toMatchObject({ title: fault?.title, remedy: fault?.remedy });
		expect(error.serverReply).toContain(answer.slice(4));
		for (const token of TOKENS) expect(error.message).not.toContain(token);
	});

	it.each([
		['AUTHENTICATE failed.', true, { AUTHENTICATE: 'AUTHENTICATE failed.' }],
		['LOGIN failed.', false, { LOGIN: 'LOGIN failed.' }],
		[
			'User is authenticated but not connected.',
			true,
			{ SELECT: 'User is authenticated but not connected.' },
		],
	])('by IMAP: %s', async (words, withToken, texts) => {
		const answers = Object.fromEntries(
			Object.entries(texts).map(([name, text]) => [
				name,
				((client, command) => client.no(command, text)) satisfies NonNullable<
					ImapServerScript['answers']
				>[string],
			]),
		);
		const capabilities = withToken ? undefined : 'IMAP4rev1';
		const error = await readByImap({ ...(capabilities && { capabilities }), answers }, withToken);
		const fault = exchangeMailboxFaults.find(({ phrase }) => phrase?.test(words));
		expect(error).toMatchObject({ title: fault?.title, remedy: fault?.remedy });
		expect(error.serverReply).toContain(words.replace(/\.$/, ''));
	});

	it('by POP3: Authentication failure', async () => {
		const words = 'Authentication failure: unknown user name or bad password.';
		const error = await readByPop3(words);
		const fault = exchangeMailboxFaults.find(({ phrase }) => phrase?.test(words));
		expect(error).toMatchObject({ title: fault?.title, remedy: fault?.remedy });
		expect(error.serverReply).toContain('Authentication failure');
	});

	it('has every row of the table for SMTP here', () => {
		expect(smtpRows.map(([status]) => status)).toEqual(
			exchangeSmtpFaults.map(({ statuses }) => statuses?.[0]),
		);
	});
});
