import { inlineBinary } from '../../support/execute-context';
import {
	failureOf,
	receivedItem,
	receivedMail,
	runSendEmail,
	type SendEmailRun,
} from '../../support/send-email';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

let sink: SmtpSink;
beforeEach(async () => void (sink = await startSmtpSink()));
afterEach(async () => await sink.close());

const forward = async (parameters: Record<string, unknown> = {}, run: SendEmailRun = {}) =>
	await runSendEmail(sink, {
		...run,
		parameters: {
			operation: 'forward',
			forwardedEmail: receivedItem,
			to: 'boss@example.test',
			text: 'Please look.',
			...parameters,
		},
	});

const raw = 'From: ann@customer.test\r\nSubject: Order 7\r\n\r\nWhere is it?\r\n';
const file = (fileName: string, binaryProperty?: string, inline = false) => ({
	fileName,
	inline,
	binaryProperty: binaryProperty ?? null,
});

describe('Forward as quoted text', () => {
	it('hands the mail on below the own text, in its thread, and answers nobody', async () => {
		await forward();
		const mail = await receivedMail(sink);
		expect(sink.mails[0]?.to).toEqual(['boss@example.test']);
		expect(mail.subject).toBe('Fwd: RE: Order 7');
		expect(mail.inReplyTo).toBeUndefined();
		expect(mail.references).toEqual(['<1@customer.test>', '<2@customer.test>']);
		expect(mail.text).toBe(
			[
				'Please look.',
				'',
				'---------- Forwarded message ----------',
				'From: Ann <ann@customer.test>',
				'Date: Sun, 1 Mar 2026, 11:00 CET',
				'Subject: RE: Order 7',
				'To: Support <Support@example.test>, bob@customer.test',
				'Cc: Carol <carol@customer.test>',
				'',
				'Where is it?',
				'',
				'Ann',
				'',
			].join('\n'),
		);
	});

	it('takes the files of the item along, each once, but not the raw message', async () => {
		const binary = {
			attachment_0: inlineBinary('plan', 'plan.txt'),
			logo: inlineBinary('picture', 'logo.png', 'image/png'),
			raw: inlineBinary(raw, 'message.eml', 'message/rfc822'),
		};
		const attachments = [file('plan.txt', 'attachment_0'), file('smile.png', undefined, true)];
		const options = { attachments: 'logo' };
		await forward(
			{ options, forwardedEmail: { ...receivedItem, attachments } },
			{ items: [{ json: {}, binary }] },
		);
		const mail = await receivedMail(sink);
		expect(mail.attachments.map(({ filename }) => filename)).toEqual(['logo.png', 'plan.txt']);
	});

	it('finds files that another node has fetched by their names', async () => {
		const binary = { data: inlineBinary('plan', 'plan.txt') };
		const forwardedEmail = { ...receivedItem, attachments: [file('plan.txt')] };
		await forward({ forwardedEmail }, { items: [{ json: {}, binary }] });
		expect((await receivedMail(sink)).attachments).toHaveLength(1);
	});

	it('leaves no file behind in silence', async () => {
		const forwardedEmail = {
			...receivedItem,
			attachments: [file('film.mp4'), file('x.png', '', true)],
		};
		const error = await failureOf(forward({ forwardedEmail }));
		expect(error.message).toContain('does not hold all files of the e-mail: "film.mp4"');
		expect(error.description).toContain('Get Attachments');
		expect(sink.mails).toHaveLength(0);

		await forward({ forwardedEmail, includeAttachments: false });
		expect((await receivedMail(sink)).attachments).toHaveLength(0);
	});

	it('needs somebody to forward to', async () => {
		const error = await failureOf(forward({ to: '' }));
		expect(error.message).toContain('no recipient');
	});

	it('takes also the mail of another node, as JSON text', async () => {
		const forwardedEmail = JSON.stringify({ subject: 'x', text: 'Hi', from: 'ann@customer.test' });
		await forward({ forwardedEmail });
		expect((await receivedMail(sink)).text).toContain('Subject: x\n\nHi\n');
	});
});

describe('Forward as attached e-mail', () => {
	const items = (source: string | Buffer) => [
		{
			json: {},
			binary: {
				raw: {
					...inlineBinary('', 'message.eml', 'message/rfc822'),
					data: Buffer.from(source).toString('base64'),
				},
			},
		},
	];

	it('attaches the mail as it came, for readers to open', async () => {
		await forward({ forwardAs: 'file' }, { items: items(raw) });
		const mail = await receivedMail(sink);
		expect(mail.text?.trim()).toBe('Please look.');
		expect(mail.attachments).toMatchObject([
			{ contentType: 'message/rfc822', filename: 'RE: Order 7.eml' },
		]);
		const sent = sink.mails[0]?.raw.toString() ?? '';
		expect(sent).toContain(`\r\n\r\n${raw}`);
		expect(sent).toMatch(/Content-Type: message\/rfc822[^]*?Content-Transfer-Encoding: 7bit/);
	});

	it.each([
		['8 bits', Buffer.from(`${raw}\u00fc\r\n`, 'latin1')],
		['a line that is too long', `${raw}${'x'.repeat(2_000)}\r\n`],
		['bare line feeds', raw.replaceAll('\r\n', '\n')],
		['a NUL', `${raw}\0`],
	])('attaches a mail with %s as a file, byte for byte', async (_title, source) => {
		await forward({ forwardAs: 'file', subject: 'x' }, { items: items(source) });
		const [attached] = (await receivedMail(sink)).attachments;
		expect(attached).toMatchObject({ filename: 'RE: Order 7.eml' });
		// The parser goes by the name of the file.
		expect(sink.mails[0]?.raw.toString()).not.toContain('message/rfc822');
		expect(attached?.content.equals(Buffer.from(source))).toBe(true);
	});

	it('names the file safely, whatever the subject is', async () => {
		for (const subject of ['../../etc/passwd', '', 'a\r\nX-Evil: 1', '\u202Egpj']) {
			await forward(
				{ forwardAs: 'file', forwardedEmail: { ...receivedItem, subject } },
				{ items: items(raw) },
			);
		}
		const names = [];
		for (const index of sink.mails.keys()) {
			names.push((await receivedMail(sink, index)).attachments[0]?.filename);
		}
		expect(names).toEqual(['..-..-etc-passwd.eml', 'message.eml', 'aX-Evil: 1.eml', 'gpj.eml']);
	});

	it('says what to switch on where the item does not hold the mail', async () => {
		const error = await failureOf(forward({ forwardAs: 'file' }));
		expect(error.message).toContain('does not hold the whole e-mail');
		expect(error.description).toContain('Include Raw Message');
	});
});
