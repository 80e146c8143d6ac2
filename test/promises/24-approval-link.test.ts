import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { executeSendEmail } from '../../nodes/SendEmail/run';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';
import { linksOf, WaitingNode } from '../support/waiting-node';

let sink: SmtpSink;
let node: WaitingNode;
let approve: string;
let decline: string;

beforeAll(async () => {
	sink = await startSmtpSink();
});

afterAll(async () => await sink.close());

beforeEach(async () => {
	node = new WaitingNode({
		items: [{ json: {} }],
		parameters: {
			operation: 'sendAndWait',
			to: 'ann@example.test',
			subject: 'Invoice 4711',
			message: 'Please look at it.',
			options: {},
		},
		credential: {
			emailService: 'other',
			useFor: 'outgoing',
			authentication: 'none',
			outgoingHost: sink.host,
			outgoingPort: sink.port,
			outgoingSecurity: 'none',
			primaryAddress: 'support@example.test',
		},
	});
	await executeSendEmail(node.context);
	const mail = await simpleParser(sink.mails.at(-1)?.raw ?? '');
	({ Approve: approve = '', Decline: decline = '' } = linksOf(mail.text));
});

test('a mail scanner that opens the links, by any method and as often as it likes, approves nothing', async () => {
	for (const url of [approve, decline, approve]) {
		for (const method of ['HEAD', 'OPTIONS', 'GET', 'GET']) await node.visit(method, url);
	}

	expect(node.results).toEqual([]);
	expect(node.waitTill).toBeDefined();
});

test('nor does one that posts to them without the button of the page', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
			async (form) => {
				fc.pre(form['decision'] !== 'approve');
				await node.visit('POST', approve, form);
				return node.results.length === 0;
			},
		),
	);
	await node.visit('POST', approve, { decision: 'decline' });
	expect(node.results).toEqual([]);
});

test('nor a link that somebody has changed', async () => {
	const changed = decline.replace('approved=false', 'approved=true');

	expect((await node.visit('POST', changed, { decision: 'approve' })).status).toBe(401);
	expect(node.results).toEqual([]);
});

test('the page loads and runs nothing, and its button answers, once', async () => {
	const page = await node.visit('GET', approve);
	expect(page.html).toMatch(
		/<form method="post">\s*<input type="hidden" name="decision" value="approve">/,
	);
	expect(page.html).not.toMatch(/<script|<img|<link|https?:|\son\w+=/i);
	expect(page.headers['Content-Security-Policy']).toMatch(
		/^default-src 'none';.*sandbox allow-forms$/,
	);
	expect(page.headers['Referrer-Policy']).toBe('no-referrer');
	expect(page.headers['Cache-Control']).toBe('no-store');

	const thanks = await node.visit('POST', approve, { decision: 'approve' });
	expect(thanks.html).toContain('Your answer has been recorded');
	await node.visit('POST', decline, { decision: 'decline' });

	expect(node.results).toMatchObject([[{ json: { approved: true, noResponse: false } }]]);
});
