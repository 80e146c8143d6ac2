import type { INodeExecutionData } from 'n8n-workflow';
import { inlineBinary } from '../../support/execute-context';
import { failureOf, receivedMail, runSendEmail } from '../../support/send-email';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink';

let sink: SmtpSink;
beforeEach(async () => void (sink = await startSmtpSink()));
afterEach(async () => await sink.close());

const send = async (
	options: Record<string, unknown>,
	parameters: Record<string, unknown> = {},
	items: INodeExecutionData[] = [{ json: {} }],
) =>
	await runSendEmail(sink, {
		items,
		parameters: { to: 'Ann <ann@example.test>', subject: 'Visit', ...parameters, options },
	});

const sent = () => sink.mails[0]?.raw.toString() ?? '';
const calendarOf = async () => {
	const mail = await receivedMail(sink);
	const ics = mail.attachments.find(({ filename }) => filename === 'invite.ics');
	return ics?.content.toString().replace(/\r\n /g, '') ?? '';
};

describe('a calendar invitation', () => {
	const event = { method: 'REQUEST', start: '2026-12-01T10:00:00', end: '2026-12-01T11:30:00' };

	it('comes from the sender to those whom the mail names, in the time zone of the workflow', async () => {
		await send(
			{ calendarInvitation: { event: { ...event, location: 'Berlin', uid: 'visit-1' } } },
			{ cc: 'bob@example.test', bcc: 'eve@example.test' },
		);
		const calendar = await calendarOf();
		expect(calendar).toContain('DTSTART:20261201T090000Z\r\nDTEND:20261201T103000Z\r\n');
		expect(calendar).toContain('SUMMARY:Visit\r\nLOCATION:Berlin\r\n');
		expect(calendar).toContain('ORGANIZER;CN="Support Desk":mailto:support@example.test\r\n');
		expect(
			calendar.match(/^ATTENDEE.*mailto:.*$/gm)?.map((line) => line.split('mailto:')[1]),
		).toEqual(['ann@example.test', 'bob@example.test']);
		expect(sent()).toContain('Content-Type: text/calendar; charset=utf-8; method=REQUEST');
	});

	it('may be changed and cancelled by its ID', async () => {
		await send({
			calendarInvitation: { event: { ...event, method: 'CANCEL', uid: 'visit-1', sequence: '2' } },
		});
		expect(await calendarOf()).toMatch(/METHOD:CANCEL\r\n.*UID:visit-1\r\nSEQUENCE:2\r\n/s);
	});

	it('may be text of another program', async () => {
		const content = 'BEGIN:VCALENDAR\nMETHOD:PUBLISH\nX-A:b\nEND:VCALENDAR';
		await send({ calendarInvitation: { text: { content } } });
		expect(await calendarOf()).toBe(`${content.replaceAll('\n', '\r\n')}\r\n`);
	});

	it.each([
		[{ event: { ...event, start: 'tomorrow' } }, 'Start: it is no valid date'],
		[{ event: { ...event, end: '' } }, 'End: it is no valid date'],
		[{ event: { ...event, end: event.start } }, 'does not end after its start'],
		[{ event: { ...event, method: 'CANCEL' } }, 'Event ID'],
		[{ event: { ...event, sequence: -1 } }, 'sequence'],
		[{ event, text: { content: 'x' } }, 'choose either'],
		[{ text: { content: 'x' } }, 'no iCalendar text'],
	])('is refused where it makes no sense: %j', async (calendarInvitation, named) => {
		expect((await failureOf(send({ calendarInvitation }))).message).toContain(named);
		expect(sink.mails).toHaveLength(0);
	});
});

describe('further options', () => {
	it('ask for a read receipt, and for reports of the servers', async () => {
		await send({
			readReceipt: true,
			deliveryReport: { report: { notify: ['success', 'failure'], returns: 'full' } },
		});
		expect(sent()).toContain(
			'Disposition-Notification-To: Support Desk <support@example.test>\r\n',
		);
	});

	it('say how to leave the list', async () => {
		const target = { url: 'https://example.test/leave', address: '', oneClick: true };
		await send({ unsubscribe: { target } });
		expect(sent()).toContain('List-Unsubscribe: <https://example.test/leave>\r\n');
		expect(sent()).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n');
	});

	it('promise one click only where there is a URL', async () => {
		await send({ unsubscribe: { target: { address: 'leave@example.test' } } });
		expect(sent()).toContain('List-Unsubscribe: <mailto:leave@example.test?subject=unsubscribe>');
		expect(sent()).not.toContain('One-Click');
		expect((await failureOf(send({ unsubscribe: { target: {} } }))).message).toContain(
			'no address',
		);
	});
});

describe('what a workflow says', () => {
	it('never makes the node read a file or an address of the network', async () => {
		const html =
			'<img src="file:///etc/passwd"><img src="http://127.0.0.1:1/x"><a href="/etc/passwd">x</a>';
		await send({}, { messageFormat: 'html', html });
		expect(sent()).not.toContain('root:');
		expect((await receivedMail(sink)).attachments).toEqual([]);
		for (const text of [{ path: '/etc/passwd' }, { href: 'http://127.0.0.1:1/x' }]) {
			expect((await failureOf(send({}, { text }))).message).toContain('Text');
		}
		expect(sink.mails).toHaveLength(1);
	});

	it('reaches each of a group, and nobody in a comment', async () => {
		await send(
			{},
			{
				to: 'Team: ann@example.test, Bob <bob@example.test>; carol@example.test (eve@example.test)',
			},
		);
		expect(sink.mails[0]?.to).toEqual([
			'ann@example.test',
			'bob@example.test',
			'carol@example.test',
		]);
	});

	it('is refused at once where it goes to thousands', async () => {
		const to = Array.from({ length: 10_000 }, (_, index) => `a${index}@example.test`).join(', ');
		const started = performance.now();
		expect((await failureOf(send({}, { to }))).message).toContain('10000 recipients, at most 1000');
		expect(performance.now() - started).toBeLessThan(3_000);
		expect(sink.connections).toBe(0);
	});

	it('cannot give two images one name', async () => {
		const binary = { a: inlineBinary('a'), b: inlineBinary('b') };
		const image = ['a', 'b'].map((property) => ({ property, contentId: '<logo>' }));
		const error = await failureOf(send({ inlineImages: { image } }, {}, [{ json: {}, binary }]));
		expect(error.message).toContain('"logo" is used twice');
	});

	it('may be for people beyond ASCII', async () => {
		await send({}, { to: 'Jürgen <jürgen@bücher.example>, ann@bücher.example' });
		expect(sink.mails[0]?.to).toEqual(['jürgen@bücher.example', 'ann@bücher.example']);
		expect(sent()).toMatch(/<jürgen@bücher.example>,\s+ann@xn--bcher-kva.example\r\n/);
	});
});
