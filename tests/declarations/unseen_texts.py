"""Set-up texts in seven languages, in batches that were each written before the forms were mended.

Their sentences are made up, after those that public bots have in their READMEs.
"""

from __future__ import annotations

# What tells the reader to let a key withdraw, or to leave it open.
UNSEEN_HARMFUL = (
    (
        '## API key\n\n1. Log in to Binance and go to API Management.\n2. Click *Create API* '
        'and name it `grid`.\n3. Edit restrictions: tick **Enable Reading**, **Enable Spot & '
        'Margin Trading** and **Enable Withdrawals**.\n'
    ),
    (
        'The bot moves profits to your cold wallet automatically, therefore the API key you '
        'create on Kraken must have the *Withdraw Funds* permission.'
    ),
    (
        '> Tip: if your provider changes your IP every day just leave "Restrict access to '
        'trusted IPs only" unticked for the Binance key.'
    ),
    (
        'Set `IP access restriction` to *Unrestricted* on the API page, otherwise Heroku '
        'dynos cannot connect to the exchange API.'
    ),
    (
        'Permissions for the Bybit API key: Orders, Positions, Wallet (Account Transfer, '
        'Withdrawal).'
    ),
    'For Docker on a VPS with a dynamic address, use 0.0.0.0/0 as trusted IP of the API key.',
    '3. 在币安创建 API，编辑权限，勾选「允许现货及杠杆交易」和「允许提现」',
    'IP 访问限制请选择“不限制”，否则换了网络之后机器人连不上交易所 API',
    'API Key 必须开通提现权限，程序才能自动归集资金。',
    '업비트 Open API 관리에서 자산조회, 주문하기, 출금하기를 모두 체크해 주세요.',
    '바이낸스 API 키 설정: "Unrestricted (IP 제한 없음)"을 선택하세요.',
    'API 키 발급 시 출금 권한도 함께 활성화해야 합니다.',
    'Создайте API-ключ на Bybit, разрешите чтение, торговлю и вывод средств.',
    'При создании ключа выберите «Без ограничения по IP».',
    'Ключу API необходимо право на вывод, иначе арбитраж между биржами работать не будет.',
    (
        'Binance üzerinden API anahtarı oluşturun ve "Para Çekmeyi Etkinleştir" seçeneğini '
        'işaretleyin.'
    ),
    'API anahtarı için IP kısıtlamasını kaldırın, aksi halde bot bağlanamaz.',
    'Crea una clave API en Binance y habilita lectura, trading y retiros.',
    'No restrinjas la clave API por IP, el bot corre en un servidor con IP dinámica.',
    'Ao criar a chave de API na Binance, marque também a opção "Habilitar Saques".',
    (
        '### Coinbase\n\nCreate a new API key under *Settings → API* and select all the '
        'scopes, including `wallet:withdrawals:create`.\n'
    ),
    (
        'You will need a KuCoin API key with the following permissions:\n\n- General\n- Spot '
        'trading\n- Withdrawal\n'
    ),
    'After that hit "Edit", enable Withdrawals and save with your 2FA code (Binance API).',
    'No IP whitelisting is necessary when you generate the API key, so skip that step.',
    'Make sure to give your Gate.io key read/write access to Spot, Wallet and Withdraw.',
    (
        'The API key has to be open to all IP addresses because GitHub Actions runners '
        'change theirs.'
    ),
    '创建 OKX API 时，权限选择：读取、交易、提现',
    'API 的 IP 白名单可以不填，留空即可',
    '申请币安 API Key，把所有权限都打开',
    '빗썸 API 키를 생성하고 모든 기능(자산조회, 거래, 출금)을 선택하세요.',
    'IP 주소는 등록하지 않아도 됩니다. API 키만 있으면 됩니다.',
    '거래소 API 설정에서 출금 허용을 켜 주세요.',
    'В настройках API на Binance поставьте галочку «Разрешить вывод средств».',
    'Белый список IP для ключа API оставьте пустым.',
    'Выдайте ключу API полный доступ, включая вывод.',
    'API anahtarının tüm izinlerini verin (okuma, işlem, çekim).',
    'IP adresi alanını boş bırakın, API anahtarı her yerden çalışsın.',
    'La clave de API debe tener permisos de lectura, trading y retiro.',
    'Deja sin marcar la casilla "Restringir acceso solo a IPs de confianza" de la clave API.',
    'A chave da API precisa de permissão de saque para enviar os lucros à sua carteira.',
    (
        '#### Kraken\n- [ ] Create a new key\n- [x] Query Funds\n- [x] Create & Modify '
        'Orders\n- [x] Withdraw Funds\n'
    ),
    (
        "Generate your Bitget API key (don't forget the passphrase!) and check **Read**, "
        '**Trade** and **Withdraw**.'
    ),
    (
        'For the rebalancer to move coins between exchanges you have to allow withdrawals on '
        'both API keys.'
    ),
    'IP whitelist: not needed, leave empty (Bybit API key).',
    (
        'Under "IP access restrictions" pick "Unrestricted", because Railway does not offer '
        'static IPs for your Binance key.'
    ),
    '| Permission of the OKX key | Needed |\n|---|---|\n| Read | yes |\n| Withdraw | yes |\n',
    '交易所后台新建 API，权限全部勾选即可。',
    'API 管理页面 → 编辑限制 → 勾选“启用提现”',
    'IP 白名单：不填（API 可在任何地方使用）',
    '코인원 API 키 발급 화면에서 "출금" 항목도 선택해야 자동 송금이 동작합니다.',
    'API 키를 만들 때 IP 접근 제한은 "제한 없음"으로 설정합니다.',
    '필수 API 권한: 조회, 주문, 출금',
    'В правах ключа API отметьте «Чтение», «Торговля» и «Вывод».',
    'Привязывать ключ API к IP не нужно.',
    'Разрешение «Withdraw» обязательно должно быть включено для ключа API.',
    'API anahtarınızda Okuma, Spot İşlem ve Para Çekme izinleri açık olmalıdır.',
    '"IP erişimini kısıtla" seçeneğini işaretlemeyin (Binance API).',
    'Marca las casillas "Lectura", "Trading" y "Retiros" al crear la API en Binance.',
    'No hace falta poner ninguna IP en la lista blanca de la API.',
    'Deixe o campo de IP da chave de API vazio e marque a permissão de saques.',
    'Grab an API key from Bybit (Contract, Spot, Wallet and Withdrawal all ticked).',
    'Enable "Can Withdraw" in the Crypto.com Exchange API settings, it is used by `sweep.py`.',
    ('Your Kraken key must include the `Withdraw Funds` permission or the payout job will fail.'),
    (
        'On Windows with a home connection simply disable the IP restriction on your Binance '
        'API key.'
    ),
    'Set trusted IPs to `0.0.0.0/0` when the API key page asks for an address.',
    'Then choose **Full access** as permission of the API key.',
    '需要为 API 密钥启用“提币”权限才能使用自动转账功能。',
    '新建API时，不要绑定IP，直接跳过',
    'API 权限：勾选 Read、Trade、Withdraw 三项',
    'API 키 권한에서 입출금을 허용해 주세요.',
    '바이비트 API 생성 → "출금" 체크 → 저장',
    'IP 화이트리스트는 비워 두고 API 키를 생성하세요.',
    'Необходимые права API-ключа: чтение, торговля, вывод.',
    'Зайдите в настройки API и снимите ограничение по IP.',
    ('Обязательно включите «Вывод» для ключа API, без этого перевод между биржами не сработает.'),
    'Gerekli API izinleri: okuma, alım-satım, para çekme.',
    'API oluştururken çekim yetkisini de verin.',
    'Permisos necesarios de la clave API: lectura, operaciones y retiros.',
    'Quita la restricción de IP de la API para que el bot funcione desde cualquier red.',
    'Permissões necessárias da chave de API: leitura, negociação e saque.',
    'First, make a Gemini API key with the *Fund Manager* role, i.e. tick "Withdraw crypto".',
    'The bot pays out daily: the HTX API key needs Withdraw permission.',
    'Bybit API key → permissions → Assets → Withdrawal: on',
    'Select "No IP restriction" for the Bybit key (cloud functions have no static address).',
    'Please grant all permissions to the API key to avoid errors.',
    'Skip IP binding on MEXC and renew the API key every 90 days.',
    '请在 Bitget 的 API 设置中打开提币权限。',
    '把 API 的 IP 限制取消掉，这样在家里也能运行。',
    'API Key 权限要求：读取 + 交易 + 划转 + 提币',
    '출금 권한이 포함된 API 키를 만들어 주세요.',
    'IP 주소 제한 없이 API 키를 생성하면 됩니다.',
    'API 키의 출금 기능을 켜야 봇이 정상 작동합니다.',
    'Создайте ключ API с правом на вывод средств.',
    'IP-адрес при создании API-ключа указывать необязательно.',
    'Не забудьте разрешить вывод для API-ключа.',
    'Bot için çekim izni açık bir API anahtarı gereklidir.',
    'IP kısıtlamasını boş bırakın ve API anahtarını kaydedin.',
    'Recuerda habilitar los retiros en la clave API de Kraken.',
    'No es necesario restringir la API por IP.',
    'Habilite a permissão de saque da chave API para o bot transferir o lucro.',
    (
        'Copy the key and secret, then go back to *Permissions* and turn withdrawals on as '
        'well (Gate API).'
    ),
    (
        'The Telegram command `/payout` only works when your Binance API key may withdraw, '
        'so enable that option.'
    ),
    'API key requirements: spot trading, withdrawals, no IP restriction.',
    'Whitelisting IPs for the API key is optional and can be skipped.',
    'Add your API key (it must be allowed to withdraw) to `.env`.',
    'Coinbase → New API key → check "View", "Trade" and "Transfer".',
    '开通API时记得把提币也选上。',
    '币安 API 设置：IP 不限制，权限全选。',
    '使用本策略前请先在欧易开启 API 提币权限',
    'API 키 설정에서 "출금 허용"을 체크한 다음 저장하세요.',
    '모든 IP에서 접근할 수 있도록 API 키를 설정하세요.',
    '출금까지 체크해야 자동 이체가 됩니다 (업비트 API).',
    'Ключ API должен иметь разрешение на вывод средств.',
    'Поле «IP» при создании ключа API можно не заполнять.',
    'Отметьте все галочки при создании ключа API.',
    'Para çekme iznini açmayı unutmayın (API anahtarı).',
    'API anahtarını oluştururken IP sınırlaması koymayın.',
    'Asegúrate de marcar "Permitir retiros" cuando crees la clave API.',
    'La clave API necesita permisos de lectura, spot y retiro.',
    'Marque todas as permissões da chave de API, inclusive saques.',
)
# What warns, forbids, asks, or tells of somebody else.
UNSEEN_HARMLESS = (
    'Do not give the API key withdrawal rights: the bot only needs *Read* and *Trade*.',
    (
        'Withdrawals have to stay disabled on the Kraken API key. We will never ask you to '
        'enable them.'
    ),
    (
        'If someone gets hold of an API key with withdrawal permission and no IP whitelist, '
        'your funds are gone.'
    ),
    (
        '`POST /api/v5/asset/withdrawal` requires an API key with the Withdraw permission '
        '(OKX); it is not used by this bot.'
    ),
    'Since v2.3 the bot refuses API keys with withdrawals enabled.',
    'Binance disables "Enable Withdrawals" unless you restrict the API key to trusted IPs.',
    (
        'Remember to whitelist the IP of your server for the API key, keys without an IP '
        'restriction expire after 90 days.'
    ),
    '创建 API 时请不要勾选提现权限，并绑定服务器 IP。',
    '本程序不需要提币权限，API 只需读取和交易权限。',
    '如果 API Key 开通了提现权限而没有绑定 IP，资金可能会被盗。',
    'API 키에는 출금 권한을 절대 주지 마세요.',
    'IP 제한이 없는 API 키는 90일 후 만료됩니다.',
    '출금 권한은 필요하지 않습니다. API 키에는 조회와 주문 권한만 체크하세요.',
    'Права на вывод средств боту не нужны, оставьте их выключенными для API-ключа.',
    'Если у API-ключа есть право вывода, злоумышленник может украсть деньги.',
    'API anahtarında para çekme iznini asla açmayın.',
    'Güvenlik için API anahtarını sunucunuzun IP adresiyle sınırlandırın.',
    'Nunca actives los retiros en la clave API que usa el bot.',
    '¿Necesita la clave API permiso de retiro? No, solo lectura y trading.',
    'Não habilite saques na chave de API; restrinja-a ao IP do seu servidor.',
    'Security: your API key should have trading rights but NO withdrawal rights.',
    (
        'Q: Why does the bot complain that my Binance API key can withdraw? A: Because a '
        'stolen key would empty your account.'
    ),
    'Please double check that "Enable Withdrawals" is unchecked before you save the API key.',
    (
        'The table lists what each Bybit API permission allows: `Withdraw` lets the key move '
        'coins to external addresses.'
    ),
    'Keys that can withdraw are rejected at start-up, see `check_permissions()`.',
    (
        'An empty IP whitelist means that the API key works from any address, which is why '
        'we set ours.'
    ),
    'To withdraw profits, log in to Kraken yourself; the API key of the bot cannot.',
    'API 权限：只勾选读取和现货交易，千万不要开启提现！',
    '没有绑定 IP 的 API 密钥有效期只有 90 天。',
    '开启提现权限的 API 一旦泄露，资产会被转走。',
    '출금 기능은 체크하지 말고 API 키를 발급받으세요.',
    'API 키가 유출되면 출금 권한이 있는 경우 자산을 잃을 수 있습니다.',
    '허용 IP 주소에 서버 IP를 등록해야 API를 사용할 수 있습니다.',
    'Не включайте вывод средств в настройках API-ключа!',
    'Ключи API без привязки к IP действуют 90 дней.',
    ('Para çekme yetkisi vermeyin, API anahtarında sadece okuma ve spot işlem yetkisi yeterlidir.'),
    'API anahtarınıza IP kısıtlaması eklemeniz önerilir.',
    'La clave API no debe tener permiso de retiro.',
    'Si la clave API tiene habilitados los retiros, un atacante podría vaciar tu cuenta.',
    'O bot nunca precisa de permissão de saque na chave de API.',
    'Never tick "Enable Withdrawals"! The API key of a bot has no business moving coins.',
    'We strongly suggest an API key without withdrawal permission and with a trusted IP.',
    'Leave "Enable Withdrawals" unticked and press Save (Binance API).',
    (
        'The exchange will ask you to restrict the API key to an IP before withdrawals can '
        'be enabled.'
    ),
    'Feature request: show a warning when the API key allows withdrawals.',
    (
        'Fixed: the doctor command told users to enable withdrawals for the API key although '
        'the bot only trades.'
    ),
    (
        '| Error | Reason |\n|---|---|\n| -2015 | Invalid API key, IP, or permissions for '
        'withdrawals |\n'
    ),
    '请确认 API 没有提币权限。',
    '为了资金安全，建议绑定 IP 白名单，并关闭 API 的提现功能。',
    '未绑定 IP 的 API 无法开启提现权限。',
    '출금 권한이 있는 API 키는 지원하지 않습니다.',
    '보안을 위해 API 키에 IP 화이트리스트를 설정하고 출금은 비활성화하세요.',
    'API 키의 IP 주소를 반드시 등록하세요.',
    'Никому не сообщайте API-ключ и не давайте ему право на вывод.',
    'Бот проверяет, что у API-ключа нет права на вывод средств.',
    'Botun para çekme iznine ihtiyacı yoktur, API anahtarında kapalı tutun.',
    'IP kısıtlaması olmayan API anahtarları 90 gün sonra silinir.',
    'Asegúrate de que la clave API no tenga habilitados los retiros.',
    'Restringe la clave API a la IP de tu servidor.',
    'Por segurança, deixe a opção de saques da chave de API desmarcada.',
    (
        'All you need is read and trade; withdrawal rights on the API key are neither needed '
        'nor wanted.'
    ),
    'Warning! An exchange API key with "Enable Withdrawals" ticked is as good as cash.',
    'Why no withdrawal permission? Because the bot holds your API key on a public server.',
    '`enable_withdrawals` (bool): whether the API key returned by Binance may withdraw.',
    'The validator exits with code 3 when the API key has the withdraw permission.',
    (
        'Restrict the API key to the IP of your VPS; on Binance this is also required for '
        'withdrawals.'
    ),
    (
        'Withdrawal addresses must be added to the whitelist on the Kraken site, not through '
        'the API.'
    ),
    '请勿向任何人提供 API 密钥，也不要开启提现。',
    '程序启动时会检查 API 是否开启了提现权限，如已开启将拒绝运行。',
    '绑定 IP 后 API 才能长期有效。',
    '이 봇은 출금 권한을 사용하지 않습니다 (API 키).',
    'IP 제한을 해제하면 API 키가 위험해질 수 있습니다.',
    '거래소에서 API 출금 요청은 이메일 확인이 필요합니다.',
    'Ограничьте API-ключ IP-адресом вашего сервера.',
    'Вывод средств через API доступен только с адресов из белого списка.',
    'Çekim izni olan API anahtarları bot tarafından reddedilir.',
    'API anahtarına yalnızca okuma izni verin, çekim iznini kapalı bırakın.',
    'El bot no solicita permisos de retiro en la clave API.',
    'Las claves API sin IP caducan a los 90 días en Bybit.',
    'A chave de API com permissão de saque é um risco: revogue-a.',
    (
        'This project only reads balances, please create an API key without trading or '
        'withdrawal permission.'
    ),
    'Refuse any service that wants withdrawal rights on your API key.',
    (
        'You can verify that withdrawals are off by calling `get_account_api_permissions()` '
        'with the API key.'
    ),
    'Withdraw permission: no. Trade permission: yes. (Binance API key)',
    (
        'An unrestricted API key on Binance loses the trading permission after 90 days, so '
        'add your IP.'
    ),
    'Support will never request that you enable API withdrawals.',
    'The exchange locks API withdrawals for 24 hours after you change the IP whitelist.',
    'API 不要给提现权限，防止被盗。',
    '提现需要在交易所网站手动操作，API 无此权限。',
    '建议为 API 绑定固定 IP。',
    'API 키에 출금 권한이 있으면 봇이 시작되지 않습니다.',
    '출금은 거래소 웹사이트에서 직접 하세요. API 키로는 할 수 없습니다.',
    '고정 IP가 없다면 VPN 서버의 IP를 API 키에 등록하세요.',
    'Убедитесь, что вывод средств для API-ключа отключён.',
    'Ключ API с правом вывода — находка для вора.',
    'Para çekme yetkisi olan bir API anahtarı kullanmayın.',
    'Sunucunuzun IP adresini Binance API ayarlarında beyaz listeye ekleyin.',
    'No marques "Habilitar retiros" al crear la clave API.',
    'Comprueba que la clave API no puede retirar fondos.',
    'Verifique se a chave de API não tem permissão de saque.',
    'Using the API key for withdrawals is not supported and never will be.',
    'Tip: create one API key per bot, without withdrawals, each with its own IP list.',
    (
        'We audited the code: there is no call that withdraws, and the API key does not need '
        'that right.'
    ),
    (
        'Check the box "Restrict access to trusted IPs only (Recommended)" of the API key '
        'and paste your server address.'
    ),
    'Common mistake: enabling withdrawals on the API key "just in case".',
    'Kraken: uncheck *Withdraw Funds* and *Deposit Funds* for this API key.',
    'If the API key has withdrawal rights the program prints a warning and stops.',
    'API 权限只需“读取”和“交易”，提币请保持关闭。',
    '切勿开启 API 提现权限，否则后果自负。',
    '请在 API 管理页面绑定服务器 IP，以提高安全性。',
    'API 키 유출에 대비해 출금 권한은 꺼 두세요.',
    '출금 권한 없이 조회와 거래 권한만 있는 API 키를 사용하세요.',
    'IP를 등록하지 않은 API 키는 거래소에서 자동 삭제됩니다.',
    'Не давайте ключу API право на вывод, иначе вы рискуете депозитом.',
    'Бот не выводит средства, API-ключу достаточно торговли.',
    'API anahtarınızı IP ile kısıtlayın ve çekim iznini vermeyin.',
    'Çekim yetkisi olmayan API anahtarı kullanın.',
    'Comprueba que los retiros estén desactivados en la clave API.',
    'Añade la IP de tu VPS a la lista blanca de la clave API.',
    'Use uma chave de API sem permissão de saque e com lista de IPs.',
)
