import { toReplyRecipients, toReplySubject, toReplyThread } from '../../../mail/outbox';
import { toThreadHeaders } from '../../../mail/outbox/thread';

const ann = { name: 'Ann', address: 'ann@example.test' };
const us = { name: 'Support', address: 'Support@Example.test' };

describe('the subject of an answer', () => {
	it.each([
		['Offer', 'Re: Offer'],
		['Re: Offer', 'Re: Offer'],
		['RE: re: Offer', 'Re: Offer'],
		['AW: Angebot', 'Re: Angebot'],
		['Antw: Antw: Offerte', 'Re: Offerte'],
		['SV: VS: Tilbud', 'Re: Tilbud'],
		['RE[2]: Offer', 'Re: Offer'],
		['Re (3): Offer', 'Re: Offer'],
		['回复：报价', 'Re: 报价'],
		['Fwd: Re: Offer', 'Re: Fwd: Re: Offer'],
		['Results: good', 'Re: Results: good'],
		['Reply needed', 'Re: Reply needed'],
		['', 'Re:'],
		['a\r\nBcc: eve@example.test', 'Re: a Bcc: eve@example.test'],
	])('of "%s" is "%s"', (subject, expected) => {
		expect(toReplySubject(subject)).toBe(expected);
	});
});

describe('an answer', () => {
	const answered = { messageId: '<2@x.test>', references: ['<1@x.test>'], subject: 'Offer' };

	it('goes to Reply-To, otherwise to the sender', () => {
		const desk = { name: '', address: 'desk@example.test' };
		expect(toReplyRecipients({ ...answered, from: [ann], replyTo: [desk] }, [])).toEqual([desk]);
		expect(toReplyRecipients({ ...answered, from: [ann], replyTo: [] }, [])).toEqual([ann]);
	});

	it('never goes to the own address, however it is written', () => {
		const replyTo = [us, ann];
		const own = ['support@example.test'];
		expect(toReplyRecipients({ ...answered, from: [], replyTo }, own)).toEqual([ann]);
		expect(toReplyRecipients({ ...answered, from: [us], replyTo: [] }, own)).toEqual([]);
	});

	it('stands in the thread of the message, where that has an identity', () => {
		expect(toReplyThread(answered)).toEqual({
			messageId: '<2@x.test>',
			references: ['<1@x.test>'],
		});
		expect(toReplyThread({ ...answered, messageId: '' })).toBeUndefined();
	});
});

describe('thread headers', () => {
	it('name each message once, the parent last', () => {
		expect(
			toThreadHeaders({
				messageId: '<3@x.test>',
				references: ['<1@x.test>', '<3@x.test>', '<2@x.test>', '<1@x.test>'],
			}),
		).toEqual({ inReplyTo: '<3@x.test>', references: ['<2@x.test>', '<1@x.test>', '<3@x.test>'] });
	});

	it('leave out what is no identifier', () => {
		const references = [
			'<1@x.test>',
			'nonsense',
			'<a b>',
			'<é@x.test>',
			'<1@x.test>\r\nBcc: e@x.test',
		];
		expect(toThreadHeaders({ messageId: 'no brackets', references })).toEqual({
			inReplyTo: undefined,
			references: ['<1@x.test>'],
		});
	});

	it('of a long thread keep the first and the last that fit on a line', () => {
		const references = Array.from({ length: 200 }, (_, index) => `<message-${index}@example.test>`);
		const headers = toThreadHeaders({ messageId: '<parent@example.test>', references });
		expect(headers.references[0]).toBe('<message-0@example.test>');
		expect(headers.references.at(-1)).toBe('<parent@example.test>');
		expect(headers.references.at(-2)).toBe('<message-199@example.test>');
		const line = `References: ${headers.references.join(' ')}`;
		expect(line.length).toBeLessThanOrEqual(998);
		expect(line.length).toBeGreaterThan(900);
	});
});
