"""How much likelier a pair of characters is in identifiers than in random text, in quarter bits.

Made by benchmarks/train_bigrams.py. Symbols: the small letters, `0` for any digit, `#` for anything
else. The row is the first character, the column the second; each byte is the value plus BIAS.
"""

SYMBOLS = 'abcdefghijklmnopqrstuvwxyz0#'
BIAS = 72
TABLE = (
    b'BLPP;CK7N3HTPQ0L2TSUHGACE7<I',
    b'L=D>I741FF0L;6HB0DC=K020E5:I',
    b'P9D?Q=8OI0ONB9U?7JEQI=83@0:M',
    b'K?@HT?=7Q43I:>L;0EICJ773@0;S',
    b'QDSSLLH>D4>UOUCMIXYT@JFQG8=W',
    b'K8>?IJ:0Q00G5;M:0JADI020?0:V',
    b'C6<8Q7BFH00D<F@90GJ@E930163O',
    b'O35:P403K04=<7M20F;FA000800M',
    b'HJNLJIL1?3?QNXRK5KQS3H0F0H0E',
    b'8000D000403000A600:0?000000@',
    b'A279M5<3G00A0?660;D880?0500M',
    b'P@?JVR86R07P;<QE0=LLJ;:0K40O',
    b'QF6?T711J0:BG;NO0<GAF0:0?01L',
    b'P<PQQIS<N2DF>GOB5=PTHG:0>16R',
    b'GIOQADF4E2FLOVKN0UNMOGK@9:5N',
    b'Q6?AR>7?J0;N77OL3ODMF980K06M',
    b'00000000000:01000430K000000>',
    b'R?HIWBJ7Q0DDJKRB0NOQJD@0I03S',
    b'J7I>X?@KP0EFAAML=?RYO:B6J04V',
    b'R?JFZG:SU0?HDAOG0RONL>B=L:7Z',
    b'GHFAMDD0H00OJQ?M0OLO710700A>',
    b'L260P400G00072>101230020004C',
    b'J07<E40GM00<4DF10HB400=4000H',
    b'@6H9F;05E006=15G039K101><0BI',
    b'7;>9@940@00>@D;J0;II68>2860M',
    b'<001H000@00440;0000000013;0<',
    b';:;;::00000000000000000000DD',
    b'SOUQRROMRCFPQPNSBRVSLJNA=ADZ',
)
