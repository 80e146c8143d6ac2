import { createSmtpSender, SharedPools } from '../../../../mail/drivers/smtp';
import { describeSender, type ServerMood } from '../../../contract/sender';
import { composedMessage, sendingConnector } from '../../../support/sending';
import { startSmtpSink } from '../../../support/smtp-sink';

describeSender(
	'SMTP',
	async () => {
		const sink = await startSmtpSink();
		const sender = createSmtpSender(sendingConnector(sink), new SharedPools(0));
		let mood: ServerMood = 'accepts';
		sink.behave('mailFrom', () => (mood === 'busy' ? '451 4.3.0 Later' : undefined));
		sink.behave('recipient', (address) => {
			if (mood === 'refusesAll') return '550 5.1.1 Unknown';
			if (!address.startsWith('bob')) return undefined;
			if (mood === 'refusesBob') return '550 5.1.1 Unknown';
			return mood === 'putsBobOff' ? '450 4.2.0 Greylisted' : undefined;
		});
		sink.behave('reply', () => (mood === 'losesReply' ? 'drop' : undefined));
		return {
			sender,
			taken: sink.mails,
			setMood: (next) => (mood = next),
			close: async () => {
				await sender.close();
				await sink.close();
			},
		};
	},
	(to) => composedMessage(to),
);
