import fc from 'fast-check';
import { AnsweredSenders } from '../../../mail/auto-reply/answered-senders';
import { toAutoReply } from '../../../mail/auto-reply/compose';
import { reasonAgainstAutoReply } from '../../../mail/auto-reply/permission';
import { createTemplate, type PlaceholderValues } from '../../../mail/auto-reply/template';
import { addresses, createHead } from '../routing/head';

const values: PlaceholderValues = {
	subject: 'Broken <printer>',
	senderName: 'Ann & Bob',
	senderAddress: 'ann@example.com',
	date: '2026-11-21',
	route: 'Support',
	company: '',
	reference: 'A1B2',
};

describe('A text with placeholders', () => {
	test('is filled, in HTML with escaped values', () => {
		const template = createTemplate(
			'<p>Dear {senderName}, {subject} is {reference}. {x1} {</p>',
			'',
		);
		expect(template.toText(values)).toBe('<p>Dear Ann & Bob, Broken <printer> is A1B2. {x1} {</p>');
		expect(template.toHtml(values)).toBe(
			'<p>Dear Ann &amp; Bob, Broken &lt;printer&gt; is A1B2. {x1} {</p>',
		);
	});

	test('with an unknown one is refused by name', () => {
		expect(() => createTemplate('Dear {sender}', 'route "A", text')).toThrow(
			'route "A", text: "{sender}" is no placeholder',
		);
	});

	test('lets no value make a line, a header or a tag', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (subject) => {
				const template = createTemplate('A {subject} B', '');
				const filled = { ...values, subject };
				expect(template.toLine(filled)).not.toMatch(/[\r\n]/);
				expect(template.toText(filled).split('\n')).toHaveLength(1);
				expect(template.toHtml(filled)).not.toMatch(/[<>]/);
				expect(template.toHtml(filled).length).toBeLessThan(4_000);
			}),
		);
	});

	test('does not fill what a value brings along', () => {
		const template = createTemplate('{subject}', '');
		expect(template.toText({ ...values, subject: '{reference}' })).toBe('{reference}');
	});
});

describe('Senders that were answered', () => {
	const DAY = 86_400_000;

	test('are answered again after the period, also after a restart between', () => {
		const senders = new AnsweredSenders([]);
		senders.note('Ann@Example.com', 'A', 1_000);
		const later = new AnsweredSenders(senders.toRecord());
		expect(later.has('ann@example.com', 'A', DAY, DAY)).toBe(true);
		expect(later.has('ann@example.com', 'B', DAY, DAY)).toBe(false);
		expect(later.has('bob@example.com', 'A', DAY, DAY)).toBe(false);
		expect(later.has('ann@example.com', 'A', DAY, DAY + 1_000)).toBe(false);
	});

	test('are kept as digests, and a flood of them is bounded', () => {
		const senders = new AnsweredSenders([]);
		for (let index = 0; index < 6_000; index++) senders.note(`u${index}@x.test`, 'A', 5);
		const record = senders.toRecord();
		expect(record).toHaveLength(5_000);
		expect(JSON.stringify(record)).not.toContain('@');
		expect(senders.has('u5999@x.test', 'A', DAY, 6)).toBe(true);
		expect(senders.has('u0@x.test', 'A', DAY, 6)).toBe(false);
	});

	test('are forgotten where the answer did not leave', () => {
		const senders = new AnsweredSenders([]);
		senders.note('a@x.test', 'A', 0);
		senders.forget('A@x.test', 'A');
		expect(senders.toRecord()).toEqual([]);
	});
});

describe('The answer itself', () => {
	const text = {
		subject: createTemplate('We have got it: {subject}', ''),
		body: createTemplate('Dear {senderName}', ''),
		format: 'text',
	} as const;
	const answered = createHead({ messageId: '<2@a.test>', references: ['<1@a.test>'] });
	const parties = {
		from: { name: 'Us', address: 'us@b.test' },
		to: addresses('ann@a.test'),
		cc: [],
	};

	test('stands in the thread and says that it is one', () => {
		const message = toAutoReply(text, values, parties, answered, 'key');
		expect(message).toMatchObject({
			subject: 'We have got it: Broken <printer>',
			text: 'Dear Ann & Bob',
			thread: { messageId: '<2@a.test>', references: ['<1@a.test>'] },
			identityKey: 'key',
		});
		expect(message.headers).toContainEqual({ name: 'Auto-Submitted', value: 'auto-replied' });
	});

	test('is not answered by another program of this kind', () => {
		const { headers, from } = toAutoReply(text, values, parties, answered, 'key');
		const received = createHead({
			from: [from],
			headers: new Map(headers.map(({ name, value }) => [name.toLowerCase(), [value]])),
		});
		expect(reasonAgainstAutoReply(received, ['ann@a.test'])).toBe('it was made by a program');
	});
});
