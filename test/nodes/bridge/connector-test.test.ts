import { EmailTrigger } from '../../../nodes/EmailTrigger/EmailTrigger.node';
import { Mailbox } from '../../../nodes/Mailbox/Mailbox.node';
import { SendEmail } from '../../../nodes/SendEmail/SendEmail.node';
import { connectorTests } from '../../../nodes/bridge/connector-test';

const faces = [new EmailTrigger(), new Mailbox(), new SendEmail()];

describe('the tests of connectors', () => {
	it.each(faces)('are found by n8n in $description.displayName', ({ description, methods }) => {
		const named = (description.credentials ?? []).flatMap(({ testedBy }) => testedBy ?? []);
		expect(named).toContain('smtpImapConnectionTest');
		expect([...named].sort()).toEqual(Object.keys(methods.credentialTest).sort());
	});

	it.each([
		['microsoftGraphConnectionTest', 'Primary Address'],
		['office365CertificateConnectionTest', 'Certificate (.pfx'],
		['smtpImapConnectionTest', 'Incoming Host'],
	] as const)('by %s ask for the fields of their kind', async (name, field) => {
		const credential = { id: '1', name: 'Empty', type: 'x', data: {} };
		const context = { logger: console, helpers: {} };
		const { status, message } = await connectorTests[name].call(context as never, credential);
		expect([status, message]).toEqual(['Error', expect.stringContaining(field)]);
	});
});
