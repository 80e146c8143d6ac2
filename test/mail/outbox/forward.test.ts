import { toForwardSubject, toForwardThread } from '../../../mail/outbox';
import { toThreadHeaders } from '../../../mail/outbox/thread';

describe('the subject of a forwarded message', () => {
	it.each([
		['Offer', 'Fwd: Offer'],
		['Fwd: Offer', 'Fwd: Offer'],
		['WG: FW: Fw: Angebot', 'Fwd: Angebot'],
		['TR: RV: Offre', 'Fwd: Offre'],
		['ENC: Oferta', 'Fwd: Oferta'],
		['I: Offerta', 'Fwd: Offerta'],
		['VB: VS: VL: Tilbud', 'Fwd: Tilbud'],
		['İLT: Teklif', 'Fwd: Teklif'],
		['转发：报价', 'Fwd: 报价'],
		['Fwd[2]: Offer', 'Fwd: Offer'],
		['Re: Fwd: Offer', 'Fwd: Re: Fwd: Offer'],
		['Forward this', 'Fwd: Forward this'],
		['', 'Fwd:'],
		['a\r\nBcc: eve@example.test', 'Fwd: a Bcc: eve@example.test'],
	])('of "%s" is "%s"', (subject, expected) => {
		expect(toForwardSubject(subject)).toBe(expected);
	});

	it('is short whatever the sender wrote, and found at once', () => {
		const started = performance.now();
		expect(toForwardSubject('Fwd:'.repeat(250_000)).length).toBeLessThan(600);
		expect(toForwardSubject(`fwd${'\u00a0'.repeat(1_000_000)}`).length).toBeLessThan(600);
		expect(toForwardSubject('x'.repeat(5_000)).length).toBeLessThan(600);
		expect(performance.now() - started).toBeLessThan(1_000);
	});
});

it('a forwarded message stays in its thread and answers nobody', () => {
	const thread = toForwardThread({ messageId: '<2@x.test>', references: ['<1@x.test>'] });
	expect(toThreadHeaders(thread)).toEqual({
		inReplyTo: undefined,
		references: ['<1@x.test>', '<2@x.test>'],
	});
	expect(toForwardThread({ messageId: '', references: ['<1@x.test>'] })).toBeUndefined();
});
