import { createGraphSender } from '../../../../mail/drivers/graph/sender';
import { composeMessage } from '../../../../mail/outbox';
import { describeSender } from '../../../contract/sender';
import { graphConnector } from '../../../support/graph-sending';
import { cut, graphFault, throttled } from '../../../support/microsoft-tenant/http/fault';
import { startMicrosoftTenant } from '../../../support/microsoft-tenant/tenant';
import { outgoingMessage } from '../../../support/sending';
import type * as BriefPauses from './brief-pauses';

jest.mock('../../../../mail/limits', () =>
	jest
		.requireActual<typeof BriefPauses>('./brief-pauses')
		.withBriefPauses(jest.requireActual('../../../../mail/limits')),
);

describeSender(
	'Graph',
	async () => {
		const tenant = await startMicrosoftTenant();
		const user = tenant.addUser('anna@example.test');
		const delegatedPermissions = ['Mail.ReadWrite', 'Mail.Send'];
		const application = tenant.registerApplication({ delegatedPermissions });
		const sender = createGraphSender(graphConnector(tenant, { application, user }));
		return {
			sender,
			get taken() {
				return tenant.transport.sent.map(({ recipients: to }) => ({ to }));
			},
			setMood: (mood) => {
				tenant.faults.clear();
				const forSending = { method: 'POST', url: /\/send$/, times: 100 };
				if (mood === 'busy') tenant.faults.add({ times: 100, answer: throttled(0) });
				if (mood === 'losesReply') tenant.faults.add({ ...forSending, when: 'after', answer: cut });
				if (mood === 'refusesAll') {
					const answer = graphFault(400, 'ErrorInvalidRecipients', 'No recipient is valid.');
					tenant.faults.add({ ...forSending, answer });
				}
			},
			close: async () => {
				await sender.close();
				await tenant.close();
			},
		};
	},
	async (to) =>
		await composeMessage(
			outgoingMessage({
				from: { name: '', address: 'anna@example.test' },
				to: to.map((address) => ({ name: '', address })),
			}),
		),
	{ noRecipientAnswers: 'its answer is for all recipients, refusals come by e-mail' },
);
