import { type ParsedMail, simpleParser } from 'mailparser';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { connect } from '../../tools/n8n/workflow';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { TRIGGER, toSender, toTrigger } from '../support/n8n-workflow';
import { type Postfix, startPostfix } from '../support/postfix';

const SUPPORT = 'support@example.test';
const BILLING = 'billing@example.test';

let client: N8nClient;
let dovecot: Dovecot;
let postfix: Postfix;

beforeAll(async () => {
	({ client } = sharedN8n());
	dovecot = await startDovecot();
	postfix = await startPostfix({ dovecot });
});

afterAll(async () => {
	await postfix.stop();
	await dovecot.stop();
});

const question = [
	'From: Ann Lee <ann@customer.test>',
	`To: Support <${SUPPORT}>, bob@customer.test`,
	'Subject: Order 7',
	'Date: Sun, 1 Mar 2026 10:00:00 +0000',
	'Message-ID: <question@customer.test>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain',
	'',
	'Where is it?',
	'--b',
	'Content-Type: application/pdf; name=plan.pdf',
	'Content-Disposition: attachment',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('%PDF-1.4 plan').toString('base64'),
	'--b--',
	'',
].join('\r\n');

test('a mail taken is forwarded as text and as a file, with an invitation, and its answer lies among the drafts', async () => {
	const connector = await client.createCredential(
		toConnector({ dovecot, postfix, user: SUPPORT }, { signatureText: 'Your support' }),
	);
	const forward = { operation: 'forward', to: BILLING, text: 'Please look.' };
	const workflow = await client.createWorkflow({
		name: 'Forward',
		nodes: [
			toTrigger(connector, { options: { includeRaw: true } }),
			toSender('As Text', connector, forward),
			toSender('As File', connector, {
				...forward,
				forwardAs: 'file',
				subject: '=The whole of {{ $json.subject }}',
				options: {
					calendarInvitation: {
						event: { start: '2026-12-01T10:00:00', end: '2026-12-01T11:00:00', summary: 'Visit' },
					},
				},
			}),
			toSender('Draft', connector, {
				operation: 'saveDraft',
				draftOf: 'replyAll',
				text: 'It is on its way.',
			}),
		],
		connections: connect(TRIGGER, ['As Text', 'As File', 'Draft']),
		settings: { executionOrder: 'v1' },
	});
	await client.activate(workflow);
	await dovecot.deliver(SUPPORT, question);

	const mails = await Promise.all(
		(await dovecot.waitForMessages(BILLING, 2)).map(async (source) => await simpleParser(source)),
	);
	const [draft] = await dovecot.waitForMessages(SUPPORT, 1, 'Drafts');
	const [execution] = await executionsWhen(client, workflow.id, (all) => all.length === 1);
	await client.deactivate(workflow.id);

	const asText = bySubject(mails, 'Fwd: Order 7');
	expect(asText?.text).toMatch(
		/^Please look\.\n\nYour support\n\n-+ Forwarded message -+\nFrom: Ann Lee <ann@customer\.test>\n/,
	);
	expect(asText?.text).toContain('Where is it?');
	expect(asText?.attachments.map(({ filename, content }) => [filename, String(content)])).toEqual([
		['plan.pdf', '%PDF-1.4 plan'],
	]);

	const asFile = bySubject(mails, 'The whole of Order 7');
	const files = asFile?.attachments.map(({ filename, contentType }) => filename ?? contentType);
	expect(files).toEqual(['text/calendar', 'Order 7.eml', 'invite.ics']);
	const whole = asFile?.attachments.find(({ contentType }) => contentType === 'message/rfc822');
	expect(String(whole?.content)).toContain('Message-ID: <question@customer.test>');

	const answer = await simpleParser(draft ?? '');
	expect(answer.subject).toBe('Re: Order 7');
	expect(answer.to).toMatchObject({ value: [{ address: 'ann@customer.test' }] });
	expect(answer.cc).toMatchObject({ value: [{ address: 'bob@customer.test' }] });
	expect(answer.text).toMatch(
		/^It is on its way\.[^]*Ann Lee <ann@customer\.test> wrote:\n> Where is it\?/,
	);
	expect(execution && itemsOf(execution, 'Draft')).toMatchObject([
		{ json: { folder: 'Drafts', uid: 1, messageId: answer.messageId, reference: { uid: 1 } } },
	]);
});

function bySubject(mails: readonly ParsedMail[], subject: string): ParsedMail | undefined {
	return mails.find((mail) => mail.subject === subject);
}
