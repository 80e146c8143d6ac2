import type { Connector } from '../../../../mail/connector';
import { createSmtpSender, SharedPools } from '../../../../mail/drivers/smtp';
import { describeSender, type SenderStage, type ServerMood } from '../../../contract/sender';
import { ScriptedTokens } from '../../../support/access-tokens';
import { certificateAuthority, signedCertificate } from '../../../support/certificate';
import { composedMessage, sendingConnector } from '../../../support/sending';
import { type SmtpSink, startSmtpSink } from '../../../support/smtp-sink';

const USER = 'support@example.test';

function stageOn(sink: SmtpSink, connector: Connector): SenderStage {
	const sender = createSmtpSender(connector, new SharedPools(0));
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
}

describeSender(
	'SMTP',
	async () => {
		const sink = await startSmtpSink();
		return stageOn(sink, sendingConnector(sink));
	},
	(to) => composedMessage(to),
);

describeSender(
	'SMTP, signed in with an access token whose forerunner has ended,',
	async () => {
		const sink = await startSmtpSink({
			users: { [USER]: 'the-token' },
			mechanisms: ['XOAUTH2'],
			protection: 'starttls',
			certificate: await signedCertificate(),
		});
		const login = { user: USER, tokens: new ScriptedTokens('ended', 'the-token') };
		const { certificatePem: caPem } = await certificateAuthority();
		const { host, port } = sink;
		return stageOn(
			sink,
			sendingConnector(
				{ host, port, security: 'starttls', login },
				{ tls: { minVersion: 'TLSv1.2', allowUntrusted: false, caPem } },
			),
		);
	},
	(to) => composedMessage(to),
);
