import { toSignInError } from '../../mail/microsoft/error';
import { signInFaults } from '../../mail/microsoft/error/sign-in-table';
import { knownSignInErrors } from '../support/microsoft-tenant/sign-in/sign-in-error';
import { startMicrosoftTenant, type MicrosoftTenant } from '../support/microsoft-tenant/tenant';

let tenant: MicrosoftTenant;
beforeAll(async () => {
	tenant = await startMicrosoftTenant();
});
afterAll(async () => {
	await tenant.close();
});

const rows = signInFaults.flatMap(({ numbers, title }) =>
	numbers.map((number) => ({ number, title })),
);

describe('sign-in errors of the tenant', () => {
	it('are all that the product has a row for', () => {
		expect(rows.length).toBeGreaterThan(50);
		expect(rows.filter(({ number }) => !knownSignInErrors.includes(number))).toEqual([]);
	});

	it.each(rows)('AADSTS$number reaches the user as "$title"', async ({ number, title }) => {
		tenant.signIn.refuseNext(number);
		const answer = await tenant.fetch(tenant.tokenUrl, {
			method: 'POST',
			body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'x' }),
		});
		const body: unknown = await answer.json();
		const { trace_id } = Object(body);
		const error = toSignInError({ status: answer.status, body }, 'login.microsoftonline.com');
		expect(error).toMatchObject({ title, serverCode: `AADSTS${number}` });
		expect(error.serverReply).toContain(`AADSTS${number}: `);
		expect(error.serverReply).toContain(String(trace_id));
	});
});
