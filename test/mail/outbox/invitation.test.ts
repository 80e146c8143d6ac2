import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import type { Address } from '../../../mail/message';
import {
	composeMessage,
	type InvitationEvent,
	readCalendar,
	toInvitation,
} from '../../../mail/outbox';
import type { OutgoingCalendar } from '../../../mail/outgoing';
import { outgoingMessage } from '../../support/sending';

const event: InvitationEvent = {
	method: 'REQUEST',
	uid: 'visit-4711@example.test',
	sequence: 0,
	start: new Date('2026-12-01T09:00:00Z'),
	end: new Date('2026-12-01T10:30:00Z'),
	summary: 'Visit',
	location: '',
	description: '',
	organizer: { name: 'Support', address: 'support@example.test' },
	attendees: [{ name: 'Ann', address: 'ann@example.test' }],
};
const now = new Date('2026-11-21T12:00:00Z');

/** Content lines by RFC 5545, section 3.1, values unescaped by section 3.3.11. */
function read(content: string): Array<{ name: string; parameters: string; value: string }> {
	const lines = content.replace(/\r\n[ \t]/g, '').split('\r\n');
	expect(lines.pop()).toBe('');
	return lines.map((line) => {
		const match = /^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$/u.exec(line);
		if (match === null) throw new Error(`No content line: ${line}`);
		const [, name = '', parameters = '', value = ''] = match;
		const unescaped = value.replace(/\\(.)/gu, (_pair, next: string) =>
			next === 'n' ? '\n' : next,
		);
		return { name, parameters, value: unescaped };
	});
}

const valueOf = (content: string, name: string) =>
	read(content).find((line) => line.name === name)?.value;

const hostile = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				'\r\n',
				'\n',
				'\r',
				'\t',
				'\0',
				'\\',
				';',
				',',
				':',
				'"',
				"'",
				'\\n',
				'ü',
				'漢字',
				'😀',
			),
			fc.constantFrom(
				'\r\nATTENDEE:mailto:evil@evil.test',
				'END:VEVENT',
				'\u2028',
				'\ud800',
				' ',
				'^n',
			),
			fc.string({ maxLength: 60 }),
		),
		{ maxLength: 15 },
	)
	.map((parts) => parts.join(''));

describe('an invitation', () => {
	it('says when, where and who, in UTC', () => {
		const { method, content } = toInvitation(
			{ ...event, location: 'Room 1, left', description: 'Bring\nthe key; please' },
			now,
		);
		expect(method).toBe('REQUEST');
		expect(content).toContain('LOCATION:Room 1\\, left\r\n');
		expect(read(content).map(({ name, value }) => `${name}:${value}`)).toEqual([
			'BEGIN:VCALENDAR',
			'VERSION:2.0',
			'PRODID:-//n8n-nodes-email-connectors//EN',
			'CALSCALE:GREGORIAN',
			'METHOD:REQUEST',
			'BEGIN:VEVENT',
			'UID:visit-4711@example.test',
			'SEQUENCE:0',
			'DTSTAMP:20261121T120000Z',
			'DTSTART:20261201T090000Z',
			'DTEND:20261201T103000Z',
			'SUMMARY:Visit',
			'LOCATION:Room 1, left',
			'DESCRIPTION:Bring\nthe key; please',
			'STATUS:CONFIRMED',
			'TRANSP:OPAQUE',
			'ORGANIZER:mailto:support@example.test',
			'ATTENDEE:mailto:ann@example.test',
			'END:VEVENT',
			'END:VCALENDAR',
		]);
	});

	it('is taken back under the same identity', () => {
		const { content } = toInvitation({ ...event, method: 'CANCEL', sequence: 1 }, now);
		expect(valueOf(content, 'METHOD')).toBe('CANCEL');
		expect(valueOf(content, 'STATUS')).toBe('CANCELLED');
		expect(valueOf(content, 'UID')).toBe(event.uid);
	});

	it('gets an identity of its own where none is given', () => {
		const [one, other] = [toInvitation({ ...event, uid: '' }), toInvitation({ ...event, uid: '' })];
		expect(valueOf(one.content, 'UID')).toMatch(/^[\da-f-]{36}$/);
		expect(valueOf(one.content, 'UID')).not.toBe(valueOf(other.content, 'UID'));
	});

	it.each([event.start, new Date('2026-11-01T00:00:00Z'), new Date(Number.NaN)])(
		'must end after its start: %s',
		(end) => {
			expect(() => toInvitation({ ...event, end })).toThrow(
				expect.objectContaining({ code: 'message.invalid' }),
			);
		},
	);

	it('is refused at once where it would be huge', () => {
		const attendees = Array.from({ length: 10_000 }, (_, index) => ({
			name: '',
			address: `attendee${index}@example.test`,
		}));
		expect(() => toInvitation({ ...event, attendees })).toThrow(
			expect.objectContaining({ code: 'limit.exceeded' }),
		);
	});

	it('is read back as it was meant, whatever its fields hold', () => {
		const person: fc.Arbitrary<Address> = fc.record({
			name: hostile,
			address: fc.constantFrom('a@b.test', '"x y;:,"@b.test', 'ä@bücher.test', "o'n+l%y@b.test"),
		});
		fc.assert(
			fc.property(
				fc.record({
					uid: hostile,
					summary: hostile,
					location: hostile,
					description: hostile,
					organizer: person,
					attendees: fc.array(person, { maxLength: 3 }),
				}),
				(fields) => {
					const { content } = toInvitation({ ...event, ...fields }, now);
					for (const line of content.split('\r\n')) {
						expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
						expect(line).not.toMatch(/[\r\n\0]/);
					}
					expect(content).not.toMatch(/[^\r]\n|\r[^\n]/);
					const lines = read(content);
					expect(lines.filter(({ name }) => name === 'ATTENDEE')).toHaveLength(
						fields.attendees.length,
					);
					expect(lines.filter(({ name }) => name === 'ORGANIZER')).toHaveLength(1);
					for (const { name, value } of lines) {
						if (name === 'ATTENDEE') expect(value).toMatch(/^mailto:[\w.!$'*+~%-]+@[\w.-]+$/);
					}
					const expected = fields.summary
						.replace(/\p{Cs}/gu, '\ufffd')
						.trim()
						.replace(/\r\n?|[\u0085\u2028]/g, '\n')
						.replace(/[^\P{Cc}\t\n]/gu, '');
					expect(lines.find(({ name }) => name === 'SUMMARY')?.value).toBe(expected);
					expect(readCalendar(content)).toEqual({ method: 'REQUEST', content });
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe('iCalendar text of another program', () => {
	const text = (method: string) =>
		`BEGIN:VCALENDAR\nVERSION:2.0\n${method}\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR\n`;

	it('says itself what it is', () => {
		expect(readCalendar(text('METHOD:PUBLISH'))).toMatchObject({ method: 'PUBLISH' });
		expect(readCalendar(text('method;x=y: request'))).toMatchObject({ method: 'REQUEST' });
		expect(readCalendar(text('METH\n OD:CANCEL'))).toMatchObject({ method: 'CANCEL' });
	});

	it.each([
		['nothing', ''],
		['other text', 'Hello'],
		['an unknown method', text('METHOD:REPLY')],
		['no method', text('X-A:b')],
		['a control character', text('METHOD:REQUEST\nSUMMARY:a\0b')],
		['only its beginning', 'BEGIN:VCALENDAR\nMETHOD:REQUEST'],
	])('is refused where it is %s', (_title, content) => {
		expect(() => readCalendar(content)).toThrow(
			expect.objectContaining({ code: 'message.invalid' }),
		);
	});
});

describe('a message with an invitation', () => {
	const calendar = toInvitation(event, now);

	async function structureOf(changes: {
		text?: string;
		html?: string;
		calendar: OutgoingCalendar;
	}) {
		const composed = await composeMessage(outgoingMessage(changes));
		const chunks: Buffer[] = [];
		for await (const chunk of composed.open()) chunks.push(chunk as Buffer);
		const source = Buffer.concat(chunks).toString();
		const types = [
			...source.matchAll(/^Content-Type: ([^;\r]+(?:;\s*(?!boundary|name)[\w-]+=[^;\r]+)*)/gm),
		];
		return { source, types: types.map(([, type]) => type), mail: await simpleParser(source) };
	}

	it('has it as an alternative to the text, as Outlook and Gmail want it, and as a file', async () => {
		const { types, mail, source } = await structureOf({ text: 'Hi', html: '<p>Hi</p>', calendar });
		expect(types).toEqual([
			'multipart/mixed',
			'multipart/alternative',
			'text/plain; charset=utf-8',
			'text/html; charset=utf-8',
			'text/calendar; charset=utf-8; method=REQUEST',
			'application/ics',
		]);
		expect(mail.text?.trim()).toBe('Hi');
		const [shown, file] = mail.attachments;
		expect(shown).toMatchObject({ contentType: 'text/calendar' });
		expect(file).toMatchObject({ contentType: 'application/ics', filename: 'invite.ics' });
		expect(file?.content.toString()).toBe(calendar.content);
		expect(shown?.content.toString().trimEnd()).toBe(calendar.content.trimEnd());
		expect(source).not.toMatch(/[^\r]\n|\r[^\n]/);
	});

	it('has it also without any text', async () => {
		const { mail } = await structureOf({ text: '', calendar });
		expect(mail.attachments.map(({ contentType }) => contentType)).toEqual([
			'text/calendar',
			'application/ics',
		]);
	});

	it.each<[string, OutgoingCalendar]>([
		['another method than its part', { ...calendar, method: 'CANCEL' }],
		['no calendar', { method: 'REQUEST', content: 'x\r\nBcc: eve@example.test' }],
	])('is refused with %s', async (_title, given) => {
		await expect(composeMessage(outgoingMessage({ calendar: given }))).rejects.toMatchObject({
			code: 'message.invalid',
		});
	});
});
