import { StepLog } from '../../../mail/check/step-log';
import { toFailureSentence } from '../../../mail/check/summary';
import type { Server } from '../../../mail/connector';
import { MailError, type MailErrorCode } from '../../../mail/errors';

const keep = (text: string): string => text;

function failed(server: Partial<Server>, code: MailErrorCode, remedy?: string): string {
	const log = new StepLog(
		'incoming',
		{ host: 'mail.example.com', port: 993, security: 'tls', ...server },
		keep,
	);
	log.begin('authentication');
	return toFailureSentence(log.fail(new MailError(code, { subject: 'here', remedy })));
}

describe('the log of a check', () => {
	it('keeps the steps in order and ends with the failure', () => {
		const server = { host: 'mail.example.com', port: 465, security: 'tls' } as const;
		const log = new StepLog('outgoing', server, (text) => text.replaceAll('hunter2', '[secret]'));
		log.begin('tcp');
		log.pass('Connected');
		log.begin('greeting');
		log.pass('220 hunter2');
		log.begin('testMail');
		log.fail(new MailError('message.rejected', { serverReply: '554 hunter2 is spam.' }));
		expect(log.steps.map(({ step, ok, detail }) => [step, ok, detail])).toEqual([
			['tcp', true, 'Connected'],
			['greeting', true, '220 [secret]'],
			[
				'testMail',
				false,
				"The server rejected the e-mail. The server said: 554 [secret] is spam. Read the server's answer: it names its reason.",
			],
		]);
		expect(log.steps[2]?.error).toMatchObject({ code: 'message.rejected', cause: undefined });
	});

	it.each<[MailErrorCode, string]>([
		['connection.unknownHost', 'looking up the server'],
		['connection.proxy', 'connecting to the server'],
		['tls.wrongHost', 'protecting the connection'],
		['auth.certificate', 'protecting the connection'],
		['auth.unavailable', 'looking for a way to sign in'],
		['auth.rejected', 'signing in'],
		['mailbox.missing', 'opening the folder'],
		['connection.lost', 'signing in'],
	])('puts %s where it belongs, whenever it comes to light', (code, moment) => {
		expect(failed({}, code)).toContain(`Incoming failed while ${moment}.`);
	});

	it('says what is known of the provider when a sign-in is refused', () => {
		expect(failed({ host: 'imap.gmail.com' }, 'auth.rejected')).toMatch(
			/Gmail wants an app password.* https:\/\/myaccount\.google\.com\/apppasswords$/,
		);
		expect(failed({ host: 'outlook.office365.com' }, 'auth.rejected')).toMatch(
			/Microsoft 365 no longer takes passwords for IMAP/,
		);
		expect(failed({}, 'auth.rejected')).toMatch(/Many providers want an app password/);
		expect(failed({ host: 'imap.gmail.com' }, 'auth.rejected', 'Ask Joe.')).toMatch(/Ask Joe\.$/);
	});

	it('shows nothing of an error that nobody knows', () => {
		const log = new StepLog('incoming', { host: 'h', port: 1, security: 'none' }, keep);
		expect(log.fail(new TypeError('pass=hunter2')).detail).not.toContain('hunter2');
	});
});
