import * as fc from 'fast-check';
import { mailErrorTexts } from '../../../../mail/errors';
import { findSignInFault, toPauseMinutes, toSignInError } from '../../../../mail/microsoft/error';
import { signInFaults } from '../../../../mail/microsoft/error/sign-in-table';

const TRACE = '7f2f9c1e-0000-4000-8000-3d9a1c2b4e00';
const CORRELATION = '0b1c2d3e-1111-4222-9333-a4b5c6d7e8f9';

/** As Entra ID answers; the ids stand in the text too. */
function refusal(number: number, words: string, error = 'invalid_client') {
	return {
		error,
		error_description: `AADSTS${number}: ${words}\r\nTrace ID: ${TRACE}\r\nCorrelation ID: ${CORRELATION}\r\nTimestamp: 2026-11-21 20:00:00Z`,
		error_codes: [number],
		timestamp: '2026-11-21 20:00:00Z',
		trace_id: TRACE,
		correlation_id: CORRELATION,
	};
}

const HOST = 'login.microsoftonline.com';

describe('a refused sign-in at Microsoft', () => {
	// One row per fault of the table, in its order.
	it.each<[number, string, string, RegExp]>([
		[7000215, 'auth.rejected', 'The client secret is wrong', /not its secret ID/],
		[7000222, 'auth.rejected', 'The client secret has expired', /new secret/],
		[700027, 'auth.certificate', 'Microsoft does not know the certificate', /Upload the \.cer/],
		[700024, 'auth.certificate', 'The clock of the n8n host is wrong', /NTP/],
		[700030, 'auth.certificate', 'The subject of the certificate is not authorized', /registered/],
		[50012, 'auth.certificate', 'Microsoft could not verify the certificate', /thumbprint/],
		[90002, 'auth.rejected', 'Microsoft does not know the tenant', /cloud/],
		[900023, 'auth.rejected', 'The tenant is not written as Microsoft wants it', /GUID/],
		[700016, 'auth.rejected', 'Microsoft does not know the app in this tenant', /client ID/],
		[7000112, 'auth.rejected', 'The app is switched off', /enable/],
		[70001, 'auth.rejected', 'The app is switched off', /enable/],
		[7000218, 'auth.rejected', 'Microsoft wants a secret or a certificate', /public client flows/],
		[700025, 'auth.rejected', 'The app is a public client, which has no secret', /under Web/],
		[9002326, 'auth.rejected', 'The redirect URL is registered for single-page apps', /Web/],
		[50011, 'auth.rejected', 'The app does not know the redirect URL of this n8n', /exactly/],
		[50194, 'auth.rejected', 'The app is for one tenant only', /tenant ID/],
		[50020, 'auth.rejected', 'The user is not in this tenant', /account of this tenant/],
		[50034, 'auth.rejected', 'The user is not in this tenant', /account of this tenant/],
		[50126, 'auth.rejected', 'Wrong user name or password', /Connect button/],
		[
			50053,
			'auth.locked',
			'The account is locked, or sign-ins from this address are blocked',
			/logs/,
		],
		[50055, 'auth.rejected', 'The password has expired', /Reset/],
		[50057, 'auth.rejected', 'The user is disabled', /shared mailbox/],
		[50076, 'auth.rejected', 'Microsoft wants multi-factor authentication', /Connect/],
		[50074, 'auth.rejected', 'Microsoft wants multi-factor authentication', /Connect/],
		[50079, 'auth.rejected', 'Microsoft wants multi-factor authentication', /Connect/],
		[50072, 'auth.rejected', 'Microsoft wants multi-factor authentication', /Connect/],
		[53003, 'auth.rejected', 'Conditional Access blocks the sign-in', /IP address/],
		[530032, 'auth.rejected', 'Conditional Access blocks the sign-in', /IP address/],
		[
			530035,
			'auth.rejected',
			'The security defaults of the tenant block the sign-in',
			/certificate/,
		],
		[53000, 'auth.rejected', 'Microsoft wants a managed device', /as an app/],
		[53001, 'auth.rejected', 'Microsoft wants a managed device', /as an app/],
		[65001, 'auth.permission', 'The consent of an administrator is missing', /Grant admin consent/],
		[90094, 'auth.permission', 'The consent of an administrator is missing', /Grant admin consent/],
		[90095, 'auth.permission', 'The consent of an administrator is missing', /Grant admin consent/],
		[650056, 'auth.permission', 'The app does not ask for this permission', /Add the permission/],
		[650057, 'auth.permission', 'The app does not ask for this permission', /Add the permission/],
		[65004, 'auth.permission', 'The user declined the consent', /accept/],
		[500011, 'auth.rejected', 'The tenant does not know the service', /cloud/],
		[70011, 'auth.rejected', 'The scope is not valid', /\.default/],
		[28002, 'auth.rejected', 'The scope is not valid', /\.default/],
		[700022, 'auth.rejected', 'The scope is not valid', /\.default/],
		[1002012, 'auth.rejected', 'An app sign-in needs the scope /.default', /\.default/],
		[700082, 'auth.expired', 'The sign-in has expired', /Connect/],
		[70008, 'auth.expired', 'The sign-in has expired', /Connect/],
		[70043, 'auth.expired', 'The sign-in has expired', /Connect/],
		[
			50173,
			'auth.expired',
			'The sign-in was revoked, as after a change of the password',
			/Connect/,
		],
		[
			50132,
			'auth.expired',
			'The sign-in was revoked, as after a change of the password',
			/Connect/,
		],
		[
			50133,
			'auth.expired',
			'The sign-in was revoked, as after a change of the password',
			/Connect/,
		],
		[54005, 'auth.expired', 'The sign-in was already used', /do not reload/],
		[501481, 'auth.expired', 'The sign-in was begun in another browser', /same browser/],
		[9001023, 'auth.rejected', 'This sign-in needs the tenant', /tenant ID/],
		[90124, 'auth.rejected', 'This sign-in needs the tenant', /tenant ID/],
		[90130, 'auth.rejected', 'This sign-in needs the tenant', /tenant ID/],
		[50105, 'auth.permission', 'The user is not assigned to the app', /assigns/],
		[50196, 'auth.locked', 'Microsoft saw too many sign-ins in a row and stopped them', /Wait/],
		[90038, 'auth.rejected', 'The tenant lives in another cloud', /cloud/],
		[900382, 'auth.rejected', 'The tenant lives in another cloud', /cloud/],
	])('AADSTS%d becomes %s: %s', (number, code, title, remedy) => {
		const error = toSignInError({ status: 401, body: refusal(number, 'No.') }, HOST);
		expect(error).toMatchObject({ code, title, retryable: false, serverCode: `AADSTS${number}` });
		expect(error.remedy).toMatch(remedy);
		expect(error.message).toBe(
			`${title} (${HOST}). The server said: AADSTS${number}: No. [trace ${TRACE}, correlation ${CORRELATION}]`,
		);
	});

	it('has no number twice', () => {
		const numbers = signInFaults.flatMap((fault) => fault.numbers);
		expect(numbers.length).toBe(new Set(numbers).size);
		expect(numbers.length).toBe(57);
	});

	it.each<[string, string, string]>([
		['invalid_client', 'auth.rejected', 'rejected the secret or the certificate'],
		['interaction_required', 'auth.expired', 'wants the user to sign in again'],
		['consent_required', 'auth.permission', 'consent of an administrator'],
		['invalid_grant', 'auth.rejected', 'refused the sign-in'],
		['something_new', 'auth.rejected', 'refused the sign-in'],
	])('is judged by its OAuth error where the number is unknown: %s', (name, code, title) => {
		const error = toSignInError({ status: 400, body: refusal(999999, 'New.', name) }, HOST);
		expect(error).toMatchObject({ code, retryable: false, serverCode: 'AADSTS999999' });
		expect(error.title).toContain(title);
	});

	it.each([
		[429, 'server.throttled'],
		[500, 'server.unavailable'],
		[503, 'server.unavailable'],
	])('may be tried again after HTTP %d, and not before the time it names', (status, code) => {
		for (const body of [undefined, { error: 'temporarily_unavailable' }]) {
			const error = toSignInError({ status, body, retryAfterMs: 7_000 }, HOST);
			expect(error).toMatchObject({ code, retryable: true, retryAfterMs: 7_000 });
		}
	});

	it('is told from an answer of something else', () => {
		expect(toSignInError({ status: 200, body: undefined }, HOST)).toMatchObject({
			code: 'server.protocol',
			message: `The answer is not one of Microsoft's sign-in service (${HOST}). The server said: HTTP 200`,
		});
	});

	it('pauses sign-ins where more of them would lock the account', () => {
		const pauseOf = (number: number) =>
			toPauseMinutes(toSignInError({ status: 400, body: refusal(number, 'No.') }, HOST));
		expect(pauseOf(50126)).toBe(5);
		expect(pauseOf(50053)).toBe(15);
		expect(pauseOf(50196)).toBe(15);
		expect(pauseOf(7000215)).toBeUndefined();
	});

	it('is recognised in a text that another program made of it', () => {
		expect(
			findSignInFault('Error: AADSTS700082: The refresh token has expired due to inactivity.'),
		).toMatchObject({ code: 'auth.expired' });
		expect(findSignInFault('no number')).toBeUndefined();
	});

	it('is one printable line without markup, whatever the answer is', () => {
		fc.assert(
			fc.property(
				fc.record({
					error: fc.string({ unit: 'binary' }),
					error_description: fc.string({ unit: 'binary', maxLength: 4_000 }),
					trace_id: fc.anything(),
					correlation_id: fc.string(),
				}),
				fc.integer({ min: 200, max: 599 }),
				(body, status) => {
					const { message, title } = toSignInError({ status, body }, HOST);
					expect(message).not.toMatch(/[\u0000-\u001f\u007f]|<script/);
					expect(message.length).toBeLessThan(title.length + 600);
				},
			),
		);
	});

	it('has words of its own for every code', () => {
		for (const { code, title, remedy } of signInFaults) {
			expect(Object.keys(mailErrorTexts)).toContain(code);
			expect(title).toMatch(/^[A-Z].*[^.]$/);
			expect(remedy).toMatch(/^[A-Z].*\.$/);
		}
	});
});
