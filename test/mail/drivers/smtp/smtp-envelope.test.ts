import { toSmtpEnvelope } from '../../../../mail/drivers/smtp/smtp-envelope';
import { toExtensions } from '../../../../mail/drivers/smtp/smtp-reply';
import type { DeliveryReport } from '../../../../mail/outgoing';
import { composedMessage } from '../../../support/sending';

const extensions = toExtensions(
	'250-mail.example.test says hello SMTPUTF8\r\n250-DSN\r\n250-SIZE 1000\r\n250 8BITMIME',
);

function withReport(deliveryReport: DeliveryReport) {
	const message = composedMessage();
	return { ...message, envelope: { ...message.envelope, deliveryReport } };
}

describe('the extensions of a server', () => {
	it('are the first words of the lines behind the first', () => {
		expect([...extensions]).toEqual(['DSN', 'SIZE', '8BITMIME']);
	});
});

describe('the envelope', () => {
	it.each([
		[
			{ notify: [], returns: 'headers' },
			{ notify: 'NEVER', ret: 'HDRS' },
		],
		[
			{ notify: ['success', 'failure', 'delay'], returns: 'full' },
			{ notify: ['SUCCESS', 'FAILURE', 'DELAY'], ret: 'FULL' },
		],
	] as const)('asks for delivery reports: %j', (report, dsn) => {
		expect(toSmtpEnvelope(withReport(report), extensions)).toMatchObject({ dsn });
		expect(toSmtpEnvelope(withReport(report), new Set())).not.toHaveProperty('dsn');
	});

	it('asks for none by itself', () => {
		expect(toSmtpEnvelope(composedMessage(), extensions)).not.toHaveProperty('dsn');
	});

	it('refuses international addresses where the server does not take them', () => {
		const message = { ...composedMessage(['jörg@example.test']), needsSmtpUtf8: true };
		expect(() => toSmtpEnvelope(message, extensions)).toThrow(
			expect.objectContaining({
				code: 'message.invalid',
				message: expect.stringContaining('jörg@example.test') as string,
			}) as Error,
		);
		expect(toSmtpEnvelope(message, new Set(['SMTPUTF8']))).toMatchObject({
			to: ['jörg@example.test'],
		});
	});
});
