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

const replyAll = async (parameters: Record<string, unknown> = {}, run: SendEmailRun = {}) =>
	await runSendEmail(sink, {
		...run,
		parameters: { operation: 'replyAll', answeredEmail: receivedItem, ...parameters },
	});

describe('Reply All', () => {
	it('answers the sender in the thread, and copies all others but ourselves', async () => {
		await replyAll();
		const mail = await receivedMail(sink);
		expect(mail.to).toMatchObject({ value: [{ name: 'Ann', address: 'ann@customer.test' }] });
		expect(mail.cc).toMatchObject({
			value: [{ address: 'bob@customer.test' }, { name: 'Carol', address: 'carol@customer.test' }],
		});
		expect(mail.subject).toBe('Re: Order 7');
		expect(mail.inReplyTo).toBe('<2@customer.test>');
		expect(sink.mails[0]?.to).toHaveLength(3);
	});

	it('leaves out the addresses that are named as our own, and adds who is named in Cc', async () => {
		await replyAll({
			fromAddress: 'bob@customer.test',
			cc: 'dave@example.test, ann@customer.test',
			options: { ownAddresses: 'carol@customer.test, x@example.test' },
		});
		expect(sink.mails[0]?.to).toEqual(['ann@customer.test', 'dave@example.test']);
	});

	it('reaches the author of a mail whose list has put itself into Reply-To', async () => {
		const team = { name: '', address: 'team@lists.test' };
		await replyAll({
			answeredEmail: {
				...receivedItem,
				to: [team],
				cc: [],
				replyTo: [team],
				headers: { 'list-post': '<mailto:team@lists.test?x=y>, <https://lists.test>' },
			},
		});
		expect(sink.mails[0]?.to).toEqual(['ann@customer.test', 'team@lists.test']);
	});

	it('sends nothing where nobody is left', async () => {
		const us = { name: '', address: 'support@example.test' };
		const answeredEmail = { ...receivedItem, from: us, to: [us], cc: [] };
		const error = await failureOf(replyAll({ answeredEmail }));
		expect(error.message).toContain('no sender but this connector itself');
		expect(sink.mails).toHaveLength(0);
	});

	it('loses no recipient for a field that it cannot read', async () => {
		const error = await failureOf(
			replyAll({ answeredEmail: { ...receivedItem, cc: ['carol@customer.test'] } }),
		);
		expect(error.message).toContain('Email to Answer: cc');
	});

	it('refuses a mail to thousands at once', async () => {
		const to = Array.from({ length: 10_000 }, (_, index) => ({
			name: '',
			address: `a${index}@customer.test`,
		}));
		const heapBefore = process.memoryUsage().heapUsed;
		const started = performance.now();
		const error = await failureOf(replyAll({ answeredEmail: { ...receivedItem, to } }));
		expect(error.message).toContain('10002 recipients, at most 1000');
		expect(performance.now() - started).toBeLessThan(3_000);
		expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(200 * 1024 * 1024);
		expect(sink.connections).toBe(0);
	});
});

describe('the mail that is answered', () => {
	it('stands below the answer and the signature, as text alone', async () => {
		await replyAll(
			{ messageFormat: 'html', html: '<p>It is on its way.</p>' },
			{ credential: { signatureText: 'Your support' } },
		);
		const mail = await receivedMail(sink);
		const quote =
			'On Sun, 1 Mar 2026, 11:00 CET, Ann <ann@customer.test> wrote:\n> Where is it?\n>\n> Ann\n';
		expect(mail.text).toBe(`It is on its way.\n\nYour support\n\n${quote}`);
		expect(mail.html).toMatch(/on its way.*Your support.*Ann &lt;ann@customer.test&gt; wrote/s);
		expect(mail.html).not.toContain('script');
	});

	it('is left out where that is asked for', async () => {
		await replyAll({ options: { quoteOriginal: false } });
		expect((await receivedMail(sink)).text).toBe('Thank you.\n');
	});

	it('may lack everything that is only quoted', async () => {
		const { messageId, references, subject, from, replyTo } = receivedItem;
		const answeredEmail = { messageId, references, subject, from, replyTo, date: null, text: 5 };
		await runSendEmail(sink, { parameters: { operation: 'reply', answeredEmail } });
		expect((await receivedMail(sink)).text).toBe(
			'Thank you.\n\nAnn <ann@customer.test> wrote:\n>\n',
		);
	});
});
