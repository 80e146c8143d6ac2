import { randomBytes } from 'node:crypto';
import { createGraphDraftsFolder } from '../../../../mail/drivers/graph/drafts-folder';
import { createDrafts } from '../../../../mail/outbox';
import type { OutgoingMessage } from '../../../../mail/outgoing';
import { graphConnector } from '../../../support/graph-sending';
import { cut, graphFault, unavailable } from '../../../support/microsoft-tenant/http/fault';
import {
	type MicrosoftTenant,
	startMicrosoftTenant,
} from '../../../support/microsoft-tenant/tenant';
import { attachment, outgoingMessage } from '../../../support/sending';
import type * as BriefPauses from './brief-pauses';

jest.mock('../../../../mail/limits', () =>
	jest
		.requireActual<typeof BriefPauses>('./brief-pauses')
		.withBriefPauses(jest.requireActual('../../../../mail/limits')),
);

describe('a draft in a mailbox of Graph', () => {
	let tenant: MicrosoftTenant;
	beforeEach(async () => {
		tenant = await startMicrosoftTenant();
		tenant.addUser('anna@contoso.example');
	});
	afterEach(async () => await tenant.close());

	const save = async (changes: Partial<OutgoingMessage> = {}) => {
		const application = tenant.registerApplication({ appPermissions: ['Mail.ReadWrite'] });
		const connector = graphConnector(tenant, { application, mailbox: 'anna@contoso.example' });
		const from = { name: '', address: 'anna@contoso.example' };
		return await createDrafts(connector, createGraphDraftsFolder).save(
			outgoingMessage({ from, ...changes }),
		);
	};
	const drafts = () => {
		const mailbox = tenant.mailbox('anna@contoso.example');
		return mailbox.messagesIn(mailbox.folder('drafts'));
	};

	it('may lack its recipients, keeps the blind ones, and is named by a lasting id', async () => {
		const bcc = [{ name: '', address: 'eve@outside.example' }];
		const outcome = await save({ to: [], bcc, subject: 'To be finished' });
		expect(drafts()).toHaveLength(1);
		const [draft] = drafts();
		expect(draft?.content).toMatchObject({ subject: 'To be finished', isDraft: true });
		expect(draft?.content.bccRecipients).toMatchObject([
			{ emailAddress: { address: bcc[0]?.address } },
		]);
		expect(outcome).toMatchObject({
			folder: 'Drafts',
			serverId: draft?.immutableId,
			messageId: draft?.content.internetMessageId,
		});
		expect(tenant.transport.sent).toEqual([]);
	});

	it('has its large files', async () => {
		await save({ attachments: [attachment(randomBytes(4 * 1024 * 1024))] });
		expect(drafts()[0]?.attachments).toHaveLength(1);
	});

	it.each([
		['is cut off', cut],
		['is answered by 503', unavailable(503)],
	] as const)('is there once where its creation %s after it was made', async (_what, answer) => {
		tenant.faults.add({ method: 'POST', url: /\/messages$/, when: 'after', answer });
		await save();
		expect(drafts()).toHaveLength(1);
	});

	it('that cannot be completed leaves nothing behind', async () => {
		const answer = graphFault(403, 'ErrorAccessDenied', 'Access is denied.');
		tenant.faults.add({ method: 'POST', url: /createUploadSession/, answer });
		await expect(
			save({ attachments: [attachment(randomBytes(4 * 1024 * 1024))] }),
		).rejects.toMatchObject({ code: 'auth.permission' });
		expect(drafts()).toEqual([]);
	});
});
