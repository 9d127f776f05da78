#include "tests/unit/rows.h"

#include "core/text.h"

/* ---- The writer -------------------------------------------------------- */

static void a_text_that_fits_is_kept_whole(void **state)
{
    struct cilp_text t;
    char *window = guarded(NULL, 10);

    (void)state;
    cilp_text_init(&t, window, 10);
    cilp_text_str(&t, "ab");
    cilp_text_char(&t, 'c');
    cilp_text_uint(&t, 42);
    cilp_text_put(&t, "d\0e", 3);
    assert_int_equal(t.len, 8);
    assert_int_equal(cilp_text_kept(&t), 8);
    assert_memory_equal(window, "abc42d\0e", 8);
    assert_true(cilp_text_end(&t));
    assert_int_equal(window[8], '\0');
}

static void a_text_too_long_is_counted_and_cut(void **state)
{
    struct cilp_text t;
    char *window = guarded(NULL, 4);

    (void)state;
    cilp_text_init(&t, window, 4);
    cilp_text_str(&t, "abc");
    cilp_text_str(&t, "defgh");
    cilp_text_str(&t, "ij");
    assert_int_equal(t.len, 10);
    assert_int_equal(cilp_text_kept(&t), 4);
    assert_memory_equal(window, "abcd", 4);
}

static void a_text_needs_room_for_its_nul(void **state)
{
    static const struct {
        const char *row, *text;
        size_t cap;
        bool fits;
    } rows[] = {
        {"one byte to spare", "abc", 5, true},
        {"just", "abc", 4, true},
        {"no room for the NUL", "abc", 3, false},
        {"cut", "abc", 2, false},
        {"nothing in one byte", "", 1, true},
        {"nothing in no byte", "", 0, false},
        {"something in no byte", "a", 0, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cilp_text t;
        char *window = guarded("zzzzz", rows[i].cap);

        cilp_text_init(&t, window, rows[i].cap);
        cilp_text_str(&t, rows[i].text);
        CHECK_ROW(rows[i].row, cilp_text_end(&t) == rows[i].fits);
        if (rows[i].cap)
            assert_string_equal(window, rows[i].fits ? rows[i].text : "");
    }
}

/* Three pieces through every window of every size. */
static void windows_put_side_by_side_give_the_whole_text(void **state)
{
    static const char whole[] = "The quick brown fox";
    const size_t n = sizeof whole - 1;

    (void)state;
    for (size_t cap = 0; cap <= n + 1; cap++) {
        for (size_t skip = 0; skip <= n + 1; skip++) {
            struct cilp_text t;
            char *window = guarded(NULL, cap);
            size_t left = skip < n ? n - skip : 0;

            cilp_text_init(&t, window, cap);
            t.skip = skip;
            cilp_text_put(&t, whole, 4);
            cilp_text_put(&t, whole + 4, 0);
            cilp_text_put(&t, whole + 4, 6);
            cilp_text_put(&t, whole + 10, n - 10);
            assert_int_equal(t.len, n);
            assert_int_equal(cilp_text_kept(&t), left < cap ? left : cap);
            assert_memory_equal(window, whole + (skip < n ? skip : n),
                                cilp_text_kept(&t));
        }
    }
}

static void everything_is_hashed_kept_or_not(void **state)
{
    /* FIPS 180-4's "abc" */
    static const uint8_t abc[] = {
        0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
        0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
        0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad};
    struct cilp_sha256 h;
    struct cilp_text t;
    uint8_t digest[CILP_SHA256_LEN];
    char window[1];

    (void)state;
    memset(&h, 0, sizeof h);
    cilp_text_init_hash(&t, &h);
    cilp_text_str(&t, "ab");
    cilp_text_char(&t, 'c');
    assert_int_equal(t.len, 3);
    assert_int_equal(cilp_text_kept(&t), 0);
    assert_true(cilp_sha256_end(&h, digest));
    assert_memory_equal(digest, abc, sizeof abc);

    cilp_text_init(&t, window, sizeof window);
    t.hash = &h;
    t.skip = 2;
    cilp_text_str(&t, "abc");
    assert_int_equal(window[0], 'c');
    assert_true(cilp_sha256_end(&h, digest));
    assert_memory_equal(digest, abc, sizeof abc);
}

static void a_writer_without_a_hash_only_counts(void **state)
{
    struct cilp_text t;

    (void)state;
    cilp_text_init_hash(&t, NULL);
    cilp_text_str(&t, "abc");
    assert_int_equal(t.len, 3);
    assert_int_equal(cilp_text_kept(&t), 0);
    assert_false(cilp_text_end(&t));
}

/* ---- Forms ------------------------------------------------------------- */

static void numbers_are_written_in_decimal(void **state)
{
    static const struct {
        uint32_t v;
        const char *text;
        /* clang-format off */
    } rows[] = {
        {0, "0"}, {9, "9"}, {10, "10"}, {65535, "65535"},
        {1000000000, "1000000000"}, {UINT32_MAX, "4294967295"},
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char window[16];
        struct cilp_text t;

        cilp_text_init(&t, window, sizeof window);
        cilp_text_uint(&t, rows[i].v);
        assert_true(cilp_text_end(&t));
        assert_string_equal(window, rows[i].text);
    }
}

/* RFC 4648 section 10, and the letters at the end of the alphabet. */
static void base64_is_padded(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[16];
        struct cilp_text t;

        cilp_text_init(&t, out, sizeof out);
        cilp_text_base64(&t, (const uint8_t *)rows[i][0], strlen(rows[i][0]));
        assert_true(cilp_text_end(&t));
        assert_string_equal(out, rows[i][1]);
    }
}

static void hex_is_lower_case(void **state)
{
    static const uint8_t bytes[] = {0x00, 0x0f, 0xf0, 0xab, 0xff};
    char window[16];
    struct cilp_text t;

    (void)state;
    cilp_text_init(&t, window, sizeof window);
    cilp_text_hex(&t, bytes, sizeof bytes);
    cilp_text_hex(&t, bytes, 0);
    assert_true(cilp_text_end(&t));
    assert_string_equal(window, "000ff0abff");
}

static void all_but_unreserved_bytes_are_percent_encoded(void **state)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "abcdefghijklmnopqrstuvwxyz"
                                     "0123456789-._~";

    (void)state;
    for (unsigned c = 1; c < 256; c++) {
        static const char digits[] = "0123456789ABCDEF";
        const char in[2] = {(char)c, '\0'};
        const char escape[4] = {'%', digits[c / 16], digits[c % 16], '\0'};
        char window[8];
        struct cilp_text t;

        cilp_text_init(&t, window, sizeof window);
        cilp_text_percent(&t, in);
        assert_true(cilp_text_end(&t));
        assert_string_equal(window, strchr(unreserved, (int)c) ? in : escape);
    }
}

static void percent_encoding_goes_byte_by_byte(void **state)
{
    static const struct {
        const char *text, *encoded;
    } rows[] = {
        {"", ""},
        {"ami-0abcdef1234567890", "ami-0abcdef1234567890"},
        {"a b+c%20", "a%20b%2Bc%2520"},
        {"\xe1\x88\xb4", "%E1%88%B4"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char window[32];
        struct cilp_text t;

        cilp_text_init(&t, window, sizeof window);
        cilp_text_percent(&t, rows[i].text);
        assert_true(cilp_text_end(&t));
        assert_string_equal(window, rows[i].encoded);
    }
}

static void a_sentence_is_cut_where_its_room_ends(void **state)
{
    char room[6];
    struct cilp_text t;

    (void)state;
    cilp_text_init(&t, room, sizeof room);
    cilp_text_shown(&t, "a\x1f\x7f\x80~", 5);
    cilp_text_cut(&t);
    assert_string_equal(room, "a???~");
    cilp_text_shown(&t, " ", 1);
    cilp_text_cut(&t);
    assert_string_equal(room, "a???~");
}

/* ---- Checks ------------------------------------------------------------ */

static void printable_is_0x20_to_0x7e(void **state)
{
    (void)state;
    assert_true(cilp_text_is_printable(""));
    assert_true(cilp_text_is_printable(" cilp/0.1.0 ~"));
    for (unsigned c = 1; c < 256; c++) {
        const char s[4] = {'a', (char)c, 'b', '\0'};

        assert_int_equal(cilp_text_is_printable(s), c >= 0x20 && c <= 0x7E);
    }
}

static void a_length_check_reads_no_further_than_it_must(void **state)
{
    (void)state;
    assert_true(cilp_text_is_within("", 0));
    assert_false(cilp_text_is_within("a", 0));
    assert_true(cilp_text_is_within("abc", 4));
    assert_true(cilp_text_is_within("abc", 3));
    assert_false(cilp_text_is_within("abc", 2));
    /* No NUL in reach: max + 1 bytes decide. */
    assert_false(cilp_text_is_within(guarded("abcd", 4), 3));
}

static void a_word_has_no_space_and_a_length(void **state)
{
    (void)state;
    assert_true(cilp_text_is_word("", 0, 3));
    assert_false(cilp_text_is_word("", 1, 3));
    assert_false(cilp_text_is_word(NULL, 0, 3));
    assert_true(cilp_text_is_word("abc", 3, 3));
    assert_false(cilp_text_is_word("abc", 4, 9));
    assert_false(cilp_text_is_word(guarded("abcd", 4), 1, 3));
    for (unsigned c = 1; c < 256; c++) {
        const char s[4] = {'a', (char)c, 'b', '\0'};

        assert_int_equal(cilp_text_is_word(s, 1, 3), c > 0x20 && c < 0x7F);
    }
}

static void a_byte_is_looked_for(void **state)
{
    (void)state;
    assert_true(cilp_text_has("abc", 'a'));
    assert_true(cilp_text_has("abc", 'c'));
    assert_false(cilp_text_has("abc", 'd'));
    assert_false(cilp_text_has("", 'a'));
    assert_false(cilp_text_has("abc", '\0'));
}

static void a_list_has_whole_words(void **state)
{
    static const struct {
        const char *list, *word;
        bool listed;
    } rows[] = {
        {"one two three", "one", true},
        {"one two three", "two", true},
        {"one two three", "three", true},
        {"one", "one", true},
        {"", "", true},
        {"one", "", false},
        {"", "one", false},
        {"one two three", "on", false},
        {"one two three", "thre", false},
        {"one two three", "threes", false},
        {"one two three", "wo", false},
        {"one two three", "one two", false},
        {"one two three", "onE", false},
        {"tto two", "two", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = strlen(rows[i].word);

        CHECK_ROW(rows[i].word,
                  cilp_text_is_listed(rows[i].list, guarded(rows[i].word, n),
                                      n) == rows[i].listed);
    }
}

static void texts_are_compared_whole(void **state)
{
    static const struct {
        const char *row, *a, *b;
        size_t n;
        bool equal, nocase;
    } rows[] = {
        {"the same", "close", "close", 5, true, true},
        {"another case", "cLOSe", "Close", 5, false, true},
        {"both empty", "", "", 0, true, true},
        {"shorter", "close", "close", 4, false, false},
        {"longer", "closed", "close", 6, false, false},
        {"last byte differs", "closd", "close", 5, false, false},
        {"a NUL inside", "clo\0e", "clo", 5, false, false},
        {"'@' is no '`'", "@", "`", 1, false, false},
        {"'[' is no '{'", "[", "{", 1, false, false},
        {"all of the alphabet's ends", "AZaz", "azAZ", 4, false, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *a = guarded(rows[i].a, rows[i].n);

        CHECK_ROW(rows[i].row,
                  cilp_text_equal(a, rows[i].n, rows[i].b) == rows[i].equal);
        CHECK_ROW(rows[i].row, cilp_text_equal_nocase(
                                   a, rows[i].n, rows[i].b) == rows[i].nocase);
    }
}

static void letters_and_digits_are_ascii(void **state)
{
    (void)state;
    for (int c = -128; c < 256; c++) {
        char byte = (char)c, low = byte;

        if (c >= 'A' && c <= 'Z')
            low = (char)(c + 32);
        assert_int_equal(cilp_text_lower(byte), low);
        assert_int_equal(cilp_text_is_digit(byte), c >= '0' && c <= '9');
        assert_int_equal(cilp_text_is_alnum(byte),
                         (c >= '0' && c <= '9') || (low >= 'a' && low <= 'z'));
    }
}

static void zero_reaches_every_byte_and_no_other(void **state)
{
    char bytes[] = "abcdef";

    (void)state;
    cilp_zero(bytes + 1, 0);
    assert_string_equal(bytes, "abcdef");
    cilp_zero(bytes + 1, 4);
    assert_memory_equal(bytes, "a\0\0\0\0f", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_that_fits_is_kept_whole),
        cmocka_unit_test(a_text_too_long_is_counted_and_cut),
        cmocka_unit_test(a_text_needs_room_for_its_nul),
        cmocka_unit_test(windows_put_side_by_side_give_the_whole_text),
        cmocka_unit_test(everything_is_hashed_kept_or_not),
        cmocka_unit_test(a_writer_without_a_hash_only_counts),
        cmocka_unit_test(numbers_are_written_in_decimal),
        cmocka_unit_test(base64_is_padded),
        cmocka_unit_test(hex_is_lower_case),
        cmocka_unit_test(all_but_unreserved_bytes_are_percent_encoded),
        cmocka_unit_test(percent_encoding_goes_byte_by_byte),
        cmocka_unit_test(a_sentence_is_cut_where_its_room_ends),
        cmocka_unit_test(printable_is_0x20_to_0x7e),
        cmocka_unit_test(a_length_check_reads_no_further_than_it_must),
        cmocka_unit_test(a_word_has_no_space_and_a_length),
        cmocka_unit_test(a_byte_is_looked_for),
        cmocka_unit_test(a_list_has_whole_words),
        cmocka_unit_test(texts_are_compared_whole),
        cmocka_unit_test(letters_and_digits_are_ascii),
        cmocka_unit_test(zero_reaches_every_byte_and_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
